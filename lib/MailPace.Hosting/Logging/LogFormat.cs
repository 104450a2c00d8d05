namespace MailPace.Hosting.Logging;

public enum LogFormat
{
    /// <summary>One compact JSON object a line, for machines.</summary>
    Json,

    /// <summary>For a person who watches.</summary>
    Text,
}
