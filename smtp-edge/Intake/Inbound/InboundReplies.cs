using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>What strangers are told.</summary>
internal static class InboundReplies
{
    public static readonly SmtpReply NotReady = new(451, "4.3.2", "Server is not ready, please try again");
    public static readonly SmtpReply RelayingDenied = new(550, "5.7.1", "Relaying denied");
    public static readonly SmtpReply NoSuchRecipient = new(550, "5.1.1", "No such recipient here");
    public static readonly SmtpReply NotTaken = new(550, "5.7.1", "This domain takes no mail here at present");
    public static readonly SmtpReply Loop = new(554, "5.4.6", "Routing loop detected");
}
