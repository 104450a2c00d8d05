using MailPace.Contracts;
using MailPace.Mail.Addresses;
using MailPace.Mail.Submission;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>The envelope decides who gets an email; the header only says which of them it names (Bcc: the others).</summary>
internal static class EnvelopeRecipients
{
    /// <summary>Each recipient once, in the order of RCPT, as its first RCPT says.</summary>
    public static IReadOnlyList<EnvelopeRecipient> Of(Envelope envelope, PreparedMessage prepared)
    {
        var to = AddressesOf(prepared.To);
        var cc = AddressesOf(prepared.Cc);
        var seen = new HashSet<EmailAddress>(envelope.Recipients.Count);
        var recipients = new List<EnvelopeRecipient>(envelope.Recipients.Count);
        foreach (var (recipient, dsn) in envelope.Recipients.Zip(envelope.Dsn))
        {
            if (seen.Add(recipient))
            {
                var address = recipient.Address;
                var kind = to.Contains(address) ? RecipientKind.To : cc.Contains(address) ? RecipientKind.Cc : RecipientKind.Bcc;
                recipients.Add(new EnvelopeRecipient(address, kind) { Notify = dsn.Notify, OriginalRecipient = dsn.OriginalRecipient });
            }
        }

        return recipients;
    }

    private static HashSet<string> AddressesOf(IReadOnlyList<EmailAddress> addresses) =>
        addresses.Select(static address => address.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
