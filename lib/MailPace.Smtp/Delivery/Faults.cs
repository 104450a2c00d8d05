using MailPace.Contracts;
using MailPace.Mail.Replies;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Delivery;

/// <summary>What the reply that decided on a recipient means.</summary>
internal static class Faults
{
    /// <returns>Null for a recipient that was served.</returns>
    public static DeliveryFault? Of(RecipientState state, SmtpStep step, RemoteReply reply)
    {
        if (state == RecipientState.Delivered)
        {
            return null;
        }

        // What is tried again isn't permanent, whatever the reply's first digit says.
        var fault = ReplyClassifier.Classify(reply, StageOf(step));
        return state == RecipientState.Deferred ? fault with { Permanence = FaultPermanence.Transient } : fault;
    }

    private static ReplyStage StageOf(SmtpStep step) => step switch
    {
        SmtpStep.Resolve => ReplyStage.Unknown,
        SmtpStep.Connect or SmtpStep.Greeting or SmtpStep.Hello or SmtpStep.StartTls or SmtpStep.TlsHandshake or SmtpStep.Reset => ReplyStage.Session,
        SmtpStep.Mail => ReplyStage.Sender,
        SmtpStep.Recipient => ReplyStage.Recipient,
        SmtpStep.Data or SmtpStep.Content or SmtpStep.EndOfData => ReplyStage.Message,
    };
}
