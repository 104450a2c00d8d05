using System.Text;
using System.Text.Unicode;
using MailPace.Mail.Addresses;
using MailPace.Mail.Headers;

namespace MailPace.Mail.Submission;

/// <summary>What one pass over a submitted header finds, and what the header becomes.</summary>
internal sealed class HeaderSurvey
{
    private static readonly byte[] ListUnsubscribe = [.. "List-Unsubscribe"u8];

    private readonly HeaderEdits edits = new();
    private readonly List<string> tags = [];
    private readonly List<EmailAddress> to = [];
    private readonly List<EmailAddress> cc = [];
    private OnceField seen;
    private EmailAddress? from;
    private EmailAddress? sender;
    private string? subject;
    private string? messageId;
    private string? idempotencyKey;
    private Range? customUnsubscribe;
    private int customUnsubscribeName;
    private bool hasListUnsubscribe;
    private bool utf8;

    public MessageFault Take(ReadOnlySpan<byte> message, HeaderField field)
    {
        var once = OnceFields.Of(message, field);
        if (once != OnceField.None)
        {
            if ((seen & once) != 0)
            {
                return once == OnceField.From ? MessageFault.FromRepeated : MessageFault.FieldRepeated;
            }

            seen |= once;
        }

        switch (once)
        {
            case OnceField.From:
                return TakeFrom(message, field);
            case OnceField.Sender:
                return TakeSender(message, field);
            case OnceField.Subject:
                subject = HeaderText.Decode(field.RawValue(message));
                return MessageFault.None;
            case OnceField.MessageId:
                TakeMessageId(message, field);
                return MessageFault.None;
        }

        TakeOther(message, field);
        return MessageFault.None;
    }

    public MessageFault Finish(ReadOnlySpan<byte> header)
    {
        utf8 = !Ascii.IsValid(header);
        if (utf8 && !Utf8.IsValid(header))
        {
            return MessageFault.HeaderNotUtf8;
        }

        if (from is not { } author)
        {
            return MessageFault.FromMissing;
        }

        return sender is { } given && given.Domain != author.Domain ? MessageFault.SenderDomainMismatch : MessageFault.None;
    }

    public PreparedMessage Prepare(ReadOnlyMemory<byte> raw, MessageStamps stamps)
    {
        var author = from ?? throw new InvalidOperationException("The header has no From.");
        if (messageId is null)
        {
            messageId = stamps.NewMessageId(author.Domain);
            edits.Add("Message-ID", messageId);
        }

        if ((seen & OnceField.Date) == 0)
        {
            edits.Add("Date", stamps.Date());
        }

        if (customUnsubscribe is { } field)
        {
            edits.MoveUnsubscribe(field, customUnsubscribeName, hasListUnsubscribe ? [] : ListUnsubscribe);
        }

        return new PreparedMessage
        {
            Message = edits.Apply(raw),
            HeaderFrom = author,
            MessageId = messageId,
            Subject = subject,
            Tags = tags,
            IdempotencyKey = idempotencyKey,
            To = to,
            Cc = cc,
            SmtpUtf8 = utf8,
        };
    }

    private MessageFault TakeFrom(ReadOnlySpan<byte> message, HeaderField field)
    {
        if (!MailboxList.TryParse(HeaderText.Unfold(field.RawValue(message)), MailboxGrammar.Strict, out var list) || list.Count != 1)
        {
            return MessageFault.FromNotParseable;
        }

        from = list[0].Address;
        return MessageFault.None;
    }

    private MessageFault TakeSender(ReadOnlySpan<byte> message, HeaderField field)
    {
        if (!MailboxList.TryParse(HeaderText.Unfold(field.RawValue(message)), MailboxGrammar.Strict, out var list) || list.Count != 1)
        {
            return MessageFault.SenderDomainMismatch;
        }

        sender = list[0].Address;
        return MessageFault.None;
    }

    private void TakeMessageId(ReadOnlySpan<byte> message, HeaderField field)
    {
        var id = HeaderText.Unfold(field.RawValue(message));
        if (id.Length == 0 || !DisplayText.IsClean(id))
        {
            // An empty Message-ID identifies nothing: it's replaced.
            edits.Remove(field.Range);
            return;
        }

        messageId = id;
    }

    private void TakeOther(ReadOnlySpan<byte> message, HeaderField field)
    {
        if (field.Is(message, "To"u8))
        {
            AddAddresses(message, field, to);
        }
        else if (field.Is(message, "Cc"u8))
        {
            AddAddresses(message, field, cc);
        }
        else if (field.Is(message, "Bcc"u8) || field.Is(message, "Resent-Bcc"u8))
        {
            edits.Remove(field.Range);
        }
        else if (field.Is(message, "List-Unsubscribe"u8))
        {
            hasListUnsubscribe = true;
        }
        else if (field.Is(message, "X-List-Unsubscribe"u8))
        {
            TakeCustomUnsubscribe(field);
        }
        else if (HasPrefix(message, field, "X-MailPace-"u8) || HasPrefix(message, field, "X-OhMySMTP-"u8))
        {
            edits.Remove(field.Range);
            TakeOwn(message, field);
        }
    }

    private void TakeCustomUnsubscribe(HeaderField field)
    {
        if (customUnsubscribe is not null)
        {
            edits.Remove(field.Range);
            return;
        }

        customUnsubscribe = field.Range;
        customUnsubscribeName = field.NameLength;
    }

    private void TakeOwn(ReadOnlySpan<byte> message, HeaderField field)
    {
        if (field.Is(message, "X-MailPace-Idempotency-Key"u8))
        {
            var key = HeaderText.Unfold(field.RawValue(message));
            idempotencyKey = key.Length == 0 ? idempotencyKey : key;
        }

        if (field.Is(message, "X-MailPace-Tags"u8) || field.Is(message, "X-OhMySMTP-Tags"u8))
        {
            tags.AddRange(HeaderText.Decode(field.RawValue(message)).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static void AddAddresses(ReadOnlySpan<byte> message, HeaderField field, List<EmailAddress> addresses)
    {
        if (MailboxList.TryParse(HeaderText.Unfold(field.RawValue(message)), out var list))
        {
            addresses.AddRange(list.Select(mailbox => mailbox.Address));
        }
    }

    private static bool HasPrefix(ReadOnlySpan<byte> message, HeaderField field, ReadOnlySpan<byte> prefix)
        => field.NameLength > prefix.Length && Ascii.EqualsIgnoreCase(field.Name(message)[..prefix.Length], prefix);
}
