using MailPace.Contracts;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Delivery;

/// <summary>
/// What a reply means, with every deviation from "4 is transient, 5 is permanent" in this one place.
/// Whatever isn't known here to be permanent is transient.
/// </summary>
public static class ReplyMapper
{
    /// <summary>State of a recipient after <paramref name="reply"/> decided on it at <paramref name="step"/>.</summary>
    public static RecipientState StateOf(SmtpStep step, RemoteReply reply)
    {
        if (step == SmtpStep.EndOfData && reply.Code is >= 200 and < 300)
        {
            return RecipientState.Delivered;
        }

        return IsPermanent(step, reply) ? RecipientState.Bounced : RecipientState.Deferred;
    }

    private static bool IsPermanent(SmtpStep step, RemoteReply reply)
    {
        if (step == SmtpStep.Resolve)
        {
            return reply.Enhanced?[0] == '5';
        }

        // A host that greets with 554 or refuses EHLO refuses us, not the recipient: there may be another one (RFC 5321 §3.1, §4.2.1).
        var isAboutTheMessage = step is SmtpStep.Mail or SmtpStep.Recipient or SmtpStep.Data or SmtpStep.EndOfData;
        if (!isAboutTheMessage || reply.Code is < 500 or > 599)
        {
            return false;
        }

        return (step, reply.Code) switch
        {
            // "Too many recipients" is spelled 552 by old servers; to be treated as 452 (RFC 5321 §4.5.3.1.10).
            (SmtpStep.Recipient, 552) => false,

            // Bad sequence of commands: the conversation went wrong, which says nothing about the message (RFC 5321 §4.2.4).
            (_, 503) => false,

            // Authentication or TLS wanted: it's our configuration that is to be mended (RFC 4954 §6, RFC 3207 §4).
            (_, 530 or 534 or 535 or 538) => false,
            _ => true,
        };
    }
}
