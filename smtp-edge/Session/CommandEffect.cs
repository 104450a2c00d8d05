namespace MailPace.SmtpEdge.Session;

internal enum CommandEffect
{
    Done,
    Over,
    Refused,
    Close,
}
