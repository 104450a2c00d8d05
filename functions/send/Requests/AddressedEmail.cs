using MailPace.Contracts;
using MailPace.Mail.Addresses;

namespace MailPace.Send.Requests;

/// <summary>The addresses of a request, parsed and admitted.</summary>
internal sealed record AddressedEmail
{
    public required Mailbox From { get; init; }

    public required IReadOnlyList<Mailbox> To { get; init; }

    public required IReadOnlyList<Mailbox> Cc { get; init; }

    public required IReadOnlyList<Mailbox> Bcc { get; init; }

    public required IReadOnlyList<Mailbox> ReplyTo { get; init; }

    /// <summary>The envelope: each address once, under the first field that names it.</summary>
    public IReadOnlyList<EnvelopeRecipient> Envelope()
    {
        var seen = new HashSet<EmailAddress>();
        var recipients = new List<EnvelopeRecipient>(To.Count + Cc.Count + Bcc.Count);
        Add(To, RecipientKind.To);
        Add(Cc, RecipientKind.Cc);
        Add(Bcc, RecipientKind.Bcc);
        return recipients;

        void Add(IReadOnlyList<Mailbox> mailboxes, RecipientKind kind)
        {
            foreach (var mailbox in mailboxes)
            {
                if (seen.Add(mailbox.Address))
                {
                    recipients.Add(new EnvelopeRecipient(mailbox.Address.Address, kind));
                }
            }
        }
    }
}
