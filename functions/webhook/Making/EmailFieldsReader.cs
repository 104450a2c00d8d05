using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Blobs;
using MailPace.Storage.Webhooks;
using MimeKit;

namespace MailPace.Webhook.Making;

/// <summary>Reads an email's facts and message into <see cref="EmailFields"/>. A message that can't be read is told without its bodies.</summary>
internal sealed class EmailFieldsReader(BlobStore blobs)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<EmailFields> ReadAsync(AcceptedEmail email, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        => new(
            email.Id,
            email.DomainId,
            email.AcceptedAt,
            Write(email.HeaderFrom, email.MessageId, email.Subject, email.Tags, email.Recipients, await ParseAsync(email.BlobKey, body, cancellationToken)));

    public async Task<EmailFields> ReadAsync(RecordedEmail email, CancellationToken cancellationToken)
        => new(
            email.Id,
            email.DomainId,
            email.AcceptedAt,
            Write(email.HeaderFrom, email.MessageId, email.Subject, email.Tags, email.Recipients, await ParseAsync(email.BlobKey, email.Content, cancellationToken)));

    private async Task<MimeMessage?> ParseAsync(string? blobKey, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            if (blobKey is null)
            {
                return content.IsEmpty ? null : await MimeMessage.LoadAsync(new MemoryStream(content.ToArray(), writable: false), cancellationToken);
            }

            if (!await blobs.HoldsAsync(blobKey, cancellationToken))
            {
                return null;
            }

            await using var stream = blobs.OpenRead(blobKey);
            var whole = new MemoryStream();
            await stream.CopyToAsync(whole, cancellationToken);
            whole.Position = 0;
            return await MimeMessage.LoadAsync(whole, cancellationToken);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static byte[] Write(
        string from, string messageId, string? subject, IReadOnlyList<string> tags, IReadOnlyList<EnvelopeRecipient> recipients, MimeMessage? message)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("from"u8, from);
            Text(json, "to", Addresses(recipients, RecipientKind.To));
            Text(json, "htmlbody", message?.HtmlBody);
            Text(json, "textbody", message?.TextBody);
            Text(json, "cc", Addresses(recipients, RecipientKind.Cc));
            Text(json, "bcc", Addresses(recipients, RecipientKind.Bcc));
            Text(json, "subject", subject);
            Text(json, "replyto", message?.ReplyTo is { Count: > 0 } replyTo ? replyTo.ToString() : null);
            json.WriteString("message_id"u8, messageId);
            Text(json, "list_unsubscribe", message?.Headers["List-Unsubscribe"]);
            if (tags.Count == 0)
            {
                json.WriteNull("tags"u8);
            }
            else
            {
                json.WriteStartArray("tags"u8);
                foreach (var tag in tags)
                {
                    json.WriteStringValue(tag);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return output.WrittenSpan[1..^1].ToArray();
    }

    private static string? Addresses(IReadOnlyList<EnvelopeRecipient> recipients, RecipientKind kind)
    {
        var all = string.Join(", ", recipients.Where(recipient => recipient.Kind == kind).Select(static recipient => recipient.Address));
        return all.Length == 0 ? null : all;
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            json.WriteNull(name);
            return;
        }

        json.WriteString(name, value);
    }
}
