using System.Diagnostics.CodeAnalysis;
using MailPace.Mail.Addresses;
using MailPace.Mail.Submission;
using MailPace.Messaging.Intake;

namespace MailPace.Send.Requests;

/// <summary>Parses the addresses of a request and asks intake about each, in the order of the API's fields.</summary>
internal static class AddressChecks
{
    private const int MaxReplyTo = 50;

    public static bool TryCheck(
        EmailIntake intake,
        SubmissionSession session,
        SendRequest request,
        [NotNullWhen(true)] out AddressedEmail? addressed,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        addressed = null;
        if (!MailboxList.TryParseOne(request.From?.Trim(), out var from))
        {
            refusal = Refusal.FromNotParseable;
            return false;
        }

        refusal = EmailIntake.CheckFrom(session, from.Address);
        if (refusal is not null)
        {
            return false;
        }

        if (request.To is null)
        {
            refusal = Refusal.RecipientMissing("to");
            return false;
        }

        if (!TryReadRecipients(intake, session, "to", request.To, out var to, out refusal)
            || !TryReadRecipients(intake, session, "cc", request.Cc, out var cc, out refusal)
            || !TryReadRecipients(intake, session, "bcc", request.Bcc, out var bcc, out refusal)
            || !TryReadReplyTo(request.ReplyTo, out var replyTo, out refusal))
        {
            return false;
        }

        addressed = new AddressedEmail { From = from, To = to, Cc = cc, Bcc = bcc, ReplyTo = replyTo };
        return true;
    }

    private static bool TryReadRecipients(
        EmailIntake intake,
        SubmissionSession session,
        string field,
        string? text,
        out IReadOnlyList<Mailbox> list,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        list = [];
        if (text is null)
        {
            return true;
        }

        if (!MailboxList.TryParse(text, out var parsed))
        {
            refusal = Refusal.RecipientInvalid(field);
            return false;
        }

        list = parsed;
        refusal = intake.CheckRecipients(session, field, parsed);
        return refusal is null;
    }

    private static bool TryReadReplyTo(string? text, out IReadOnlyList<Mailbox> list, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        list = [];
        if (text is null)
        {
            return true;
        }

        if (!MailboxList.TryParse(text, out var parsed) || parsed.Count > MaxReplyTo)
        {
            refusal = Refusal.FieldInvalid("replyto");
            return false;
        }

        list = parsed;
        return true;
    }
}
