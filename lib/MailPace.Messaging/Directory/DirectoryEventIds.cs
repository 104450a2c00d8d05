namespace MailPace.Messaging.Directory;

/// <summary>Log event ids of the directory: 2300–2349.</summary>
internal static class DirectoryEventIds
{
    public const int Ready = 2300;
    public const int Interrupted = 2301;
    public const int Silent = 2302;
    public const int NotUnderstood = 2303;
}
