namespace MailPace.Smtp.Protocol;

internal static class StepWords
{
    /// <summary>Such as "in reply to MAIL", for our own replies.</summary>
    public static string At(SmtpStep step) => step switch
    {
        SmtpStep.Resolve => "while resolving",
        SmtpStep.Connect => "while connecting",
        SmtpStep.Greeting => "before the greeting",
        SmtpStep.Hello => "in reply to EHLO",
        SmtpStep.StartTls => "in reply to STARTTLS",
        SmtpStep.TlsHandshake => "in the TLS handshake",
        SmtpStep.Reset => "in reply to RSET",
        SmtpStep.Mail => "in reply to MAIL",
        SmtpStep.Recipient => "in reply to RCPT",
        SmtpStep.Data => "in reply to DATA",
        SmtpStep.Content => "while sending the message",
        SmtpStep.EndOfData => "after end of data",
    };
}
