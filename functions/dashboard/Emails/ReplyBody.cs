namespace MailPace.Dashboard.Emails;

/// <summary>What the remote server said.</summary>
/// <param name="Code">SMTP reply code.</param>
/// <param name="Enhanced">Enhanced status code.</param>
/// <param name="Text">Its words; a stranger's.</param>
internal sealed record ReplyBody(int Code, string? Enhanced, string? Text)
{
    public static ReplyBody? Of(int? code, string? enhanced, string? text) => code is { } given and not 0 ? new ReplyBody(given, enhanced, text) : null;
}
