using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MailPace.Mail.Headers;
using MailPace.Mail.Submission;

namespace MailPace.Mail.Composition;

/// <summary>
/// Composes the MIME of an API email. The bytes are written here and not through an object model, because each of the
/// sources is untrusted and the rule has to be visible: text for people is cleaned of controls and encoded (RFC 2047,
/// RFC 2231), values with a grammar are refused unless they follow it. So no value ever adds a header field.
/// Lines stay at 78 octets where they can and below 998 always (RFC 5322 §2.1.1).
/// </summary>
public sealed class MessageComposer(MessageStamps stamps)
{
    /// <param name="email">What to say to whom.</param>
    /// <param name="composed">The message.</param>
    /// <param name="refusal">Which field can't be what it is.</param>
    public bool TryCompose(
        OutgoingEmail email,
        [NotNullWhen(true)] out ComposedMessage? composed,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        composed = null;
        if (!TryReadThreading(email, out var inReplyTo, out var references, out refusal)
            || !TryReadUnsubscribe(email.ListUnsubscribe, out var listUnsubscribe, out refusal)
            || !TryReadAttachments(email.Attachments, out var attachments, out refusal))
        {
            return false;
        }

        var messageId = stamps.NewMessageId(email.From.Address.Domain);
        var header = new HeaderBuilder();
        header.AddMailboxes("From", [email.From]);
        header.AddMailboxes("To", email.To);
        header.AddMailboxes("Cc", email.Cc);
        header.AddMailboxes("Reply-To", email.ReplyTo);
        header.AddText("Subject", email.Subject);
        header.AddStructured("Date", stamps.Date());
        header.AddStructured("Message-ID", messageId);
        header.AddStructured("In-Reply-To", inReplyTo);
        header.AddStructured("References", references);
        header.AddStructured("List-Unsubscribe", listUnsubscribe);
        header.AddStructured("MIME-Version", "1.0");

        var output = new ArrayBufferWriter<byte>(EstimateSize(email));
        header.WriteTo(output);
        BodyTree.Of(email, attachments, stamps).Write(output);
        if (!output.WrittenSpan.EndsWith("\r\n"u8))
        {
            // SMTP ends every message with a line end (RFC 5321 §4.1.1.4); it's added here, before the signature.
            output.Write("\r\n"u8);
        }

        if (HeaderReader.FaultOf(output.WrittenSpan) != HeaderFault.None)
        {
            // Long names or a long subject: it could be stored, but never be signed.
            refusal = Refusal.Of(MessageFault.HeaderTooLong);
            return false;
        }

        var smtpUtf8 = email.To.Concat(email.Cc).Concat(email.ReplyTo).Append(email.From).Any(mailbox => !mailbox.Address.IsAscii);
        composed = new ComposedMessage(output.WrittenMemory, messageId, smtpUtf8);
        return true;
    }

    private static bool TryReadThreading(OutgoingEmail email, out string? inReplyTo, out string? references, [NotNullWhen(false)] out Refusal? refusal)
    {
        references = null;
        refusal = null;
        if (!MessageIds.TryRead(email.InReplyTo, 1, out inReplyTo))
        {
            refusal = Refusal.FieldInvalid("inreplyto");
            return false;
        }

        if (!MessageIds.TryRead(email.References, MessageIds.MaxReferences, out references))
        {
            refusal = Refusal.FieldInvalid("references");
            return false;
        }

        return true;
    }

    /// <summary>Takes printable ASCII (RFC 2369 §2 has URLs in angle brackets) in pieces that fit a line.</summary>
    private static bool TryReadUnsubscribe(string? given, out string? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        value = given?.Trim();
        if (string.IsNullOrEmpty(value))
        {
            value = null;
            return true;
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value.Split(' ').Any(piece => piece.Length > HeaderBuilder.MaxPiece))
        {
            refusal = Refusal.FieldInvalid("list_unsubscribe");
            return false;
        }

        value = string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return true;
    }

    private static bool TryReadAttachments(IReadOnlyList<OutgoingAttachment> given, out List<AttachmentPart> attachments, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        attachments = new List<AttachmentPart>(given.Count);
        foreach (var attachment in given)
        {
            if (!AttachmentPart.TryCreate(attachment, out var part))
            {
                refusal = Refusal.FieldInvalid("attachments.cid");
                return false;
            }

            attachments.Add(part);
        }

        return true;
    }

    private static int EstimateSize(OutgoingEmail email)
    {
        var size = 2048L + (email.HtmlBody?.Length ?? 0) + (email.TextBody?.Length ?? 0);
        foreach (var attachment in email.Attachments)
        {
            size += 512 + (attachment.Content.Length * 138L / 100);
        }

        return (int)Math.Min(size, Array.MaxLength);
    }
}
