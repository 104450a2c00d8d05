namespace MailPace.SmtpEdge.Session;

/// <summary>Whom a session authenticated as; what it holds is the intake's own matter.</summary>
public abstract record SmtpAccount;
