namespace MailPace.Sandbox.Pages;

/// <summary>Whether the frame may load what is not in the message: it tells the sender that, when and where it was read.</summary>
internal enum RemoteImages
{
    Blocked,
    Shown,
}
