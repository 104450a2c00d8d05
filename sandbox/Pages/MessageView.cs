namespace MailPace.Sandbox.Pages;

internal enum MessageView
{
    Html,
    Text,
    Headers,
    Source,
}
