using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Commands;

/// <summary>The command behind each verb.</summary>
internal static class SmtpCommands
{
    private static readonly EhloCommand Ehlo = new();
    private static readonly HeloCommand Helo = new();
    private static readonly StartTlsCommand StartTls = new();
    private static readonly AuthCommand Auth = new();
    private static readonly MailCommand Mail = new();
    private static readonly RcptCommand Rcpt = new();
    private static readonly DataCommand Data = new();
    private static readonly BdatCommand Bdat = new();
    private static readonly RsetCommand Rset = new();
    private static readonly FixedReplyCommand Noop = new(Replies.Ok);
    private static readonly QuitCommand Quit = new();
    private static readonly FixedReplyCommand Vrfy = new(Replies.CannotVerify);
    private static readonly FixedReplyCommand NotImplemented = new(Replies.NotImplemented);
    private static readonly FixedReplyCommand Unknown = new(Replies.UnknownCommand);

    public static ISmtpCommand Of(SmtpVerb verb) => verb switch
    {
        SmtpVerb.Ehlo => Ehlo,
        SmtpVerb.Helo => Helo,
        SmtpVerb.StartTls => StartTls,
        SmtpVerb.Auth => Auth,
        SmtpVerb.Mail => Mail,
        SmtpVerb.Rcpt => Rcpt,
        SmtpVerb.Data => Data,
        SmtpVerb.Bdat => Bdat,
        SmtpVerb.Rset => Rset,
        SmtpVerb.Noop => Noop,
        SmtpVerb.Quit => Quit,
        SmtpVerb.Vrfy => Vrfy,
        SmtpVerb.Expn or SmtpVerb.Help => NotImplemented,
        SmtpVerb.Unknown => Unknown,
    };
}
