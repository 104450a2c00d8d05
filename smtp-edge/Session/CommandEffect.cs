namespace MailPace.SmtpEdge.Session;

internal enum CommandEffect
{
    Done,
    Refused,
    Close,
}
