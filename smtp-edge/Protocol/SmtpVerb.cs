namespace MailPace.SmtpEdge.Protocol;

/// <summary>The commands that the edge tells apart; whatever else a client sends is <see cref="Unknown"/>.</summary>
internal enum SmtpVerb
{
    Unknown,
    Ehlo,
    Helo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Quit,
    Vrfy,
    Expn,
    Help,
}
