using MailPace.Contracts;
using MailPace.Mail.Addresses;
using MailPace.Mail.Submission;

namespace MailPace.SmtpEdge.Intake;

/// <summary>The envelope decides who gets an email; the header only says which of them it names (Bcc: the others).</summary>
internal static class EnvelopeRecipients
{
    /// <summary>Each recipient once, in the order of RCPT.</summary>
    public static IReadOnlyList<EnvelopeRecipient> Of(IReadOnlyList<EmailAddress> envelope, PreparedMessage prepared)
    {
        var to = AddressesOf(prepared.To);
        var cc = AddressesOf(prepared.Cc);
        var seen = new HashSet<EmailAddress>(envelope.Count);
        var recipients = new List<EnvelopeRecipient>(envelope.Count);
        foreach (var recipient in envelope)
        {
            if (seen.Add(recipient))
            {
                var address = recipient.Address;
                var kind = to.Contains(address) ? RecipientKind.To : cc.Contains(address) ? RecipientKind.Cc : RecipientKind.Bcc;
                recipients.Add(new EnvelopeRecipient(address, kind));
            }
        }

        return recipients;
    }

    private static HashSet<string> AddressesOf(IReadOnlyList<EmailAddress> addresses) =>
        addresses.Select(static address => address.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
