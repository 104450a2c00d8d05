using System.Diagnostics.CodeAnalysis;
using MailPace.Mail.Headers;

namespace MailPace.Mail.Submission;

/// <summary>
/// Prepares a message that came over SMTP. One pass over the header, one vectorised scan of the body. The bytes stay the
/// client's, with these exceptions: a missing Message-ID or Date is put in front; Bcc and the X-MailPace-* and
/// X-OhMySMTP-* fields are taken out; X-List-Unsubscribe becomes List-Unsubscribe.
/// The header From decides whose domain it is, so every form that two readers could read in two ways is refused.
/// </summary>
public static class SubmittedMessage
{
    /// <param name="raw">The message as submitted, dot-stuffing undone.</param>
    /// <param name="body">What is known of the body already.</param>
    /// <param name="stamps">Message-ID and Date for a message without.</param>
    /// <param name="prepared">The message to accept.</param>
    /// <param name="fault">Why it's refused.</param>
    public static bool TryPrepare(
        ReadOnlyMemory<byte> raw,
        BodyKnowledge body,
        MessageStamps stamps,
        [NotNullWhen(true)] out PreparedMessage? prepared,
        out MessageFault fault)
    {
        prepared = null;
        var message = raw.Span;
        var survey = new HeaderSurvey();
        var reader = new HeaderReader(message);
        while (reader.TryRead(out var field))
        {
            fault = survey.Take(message, field);
            if (fault != MessageFault.None)
            {
                return false;
            }
        }

        fault = Of(reader.Fault);
        if (fault != MessageFault.None)
        {
            return false;
        }

        fault = survey.Finish(message[..reader.BodyOffset]);
        if (fault != MessageFault.None)
        {
            return false;
        }

        var eightBit = body == BodyKnowledge.CheckedEightBit;
        if (body == BodyKnowledge.Unchecked)
        {
            fault = BodyScan.Check(message[reader.BodyOffset..], out eightBit);
            if (fault != MessageFault.None)
            {
                return false;
            }
        }

        var complete = survey.Prepare(raw, stamps) with { EightBitMime = eightBit };
        fault = complete.Message.Equals(raw) ? MessageFault.None : Of(HeaderReader.FaultOf(complete.Message.Span));
        prepared = fault == MessageFault.None ? complete : null;
        return prepared is not null;
    }

    private static MessageFault Of(HeaderFault fault) => fault switch
    {
        HeaderFault.None => MessageFault.None,
        HeaderFault.BareCarriageReturn or HeaderFault.BareLineFeed => MessageFault.BareLineBreak,
        HeaderFault.Nul => MessageFault.Nul,
        HeaderFault.LeadingWhiteSpace or HeaderFault.SpaceBeforeColon
            or HeaderFault.MissingColon or HeaderFault.InvalidName => MessageFault.HeaderMalformed,
        HeaderFault.LineTooLong or HeaderFault.HeaderTooLong => MessageFault.HeaderTooLong,
    };
}
