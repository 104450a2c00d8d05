using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MailPace.Mail.Submission;

namespace MailPace.Send.Requests;

/// <summary>
/// Parses the request in one pass over its bytes. Unknown keys are skipped, of a repeated key the last counts, and each
/// field says itself when it has the wrong type.
/// </summary>
internal static class SendRequestReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static bool TryRead(
        ReadOnlySpan<byte> json,
        [NotNullWhen(true)] out SendRequest? request,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        request = null;
        try
        {
            var reader = new Utf8JsonReader(json.StartsWith(ByteOrderMark) ? json[ByteOrderMark.Length..] : json);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                refusal = Refusal.BodyNotJson;
                return false;
            }

            var read = new SendRequest();
            refusal = ReadFields(ref reader, read);
            if (refusal is not null)
            {
                return false;
            }

            // Nothing but white space may follow; the reader throws otherwise.
            reader.Read();
            request = read;
            return true;
        }
        catch (JsonException)
        {
            refusal = Refusal.BodyNotJson;
            return false;
        }
    }

    private static Refusal? ReadFields(ref Utf8JsonReader reader, SendRequest request)
    {
        // A field of the wrong type is told only after the whole body proved to be JSON.
        Refusal? first = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var refusal = ReadField(ref reader, request);
            first ??= refusal;
        }

        return first;
    }

    private static Refusal? ReadField(ref Utf8JsonReader reader, SendRequest request)
    {
        var key = Key.Of(ref reader);
        reader.Read();
        if (key is FieldKey.Attachments)
        {
            return AttachmentsReader.Read(ref reader, request);
        }

        if (key is FieldKey.Tags)
        {
            return TagsReader.Read(ref reader, request);
        }

        if (key is FieldKey.Unknown)
        {
            reader.Skip();
            return null;
        }

        if (!JsonFields.TryReadText(ref reader, out var text))
        {
            reader.Skip();
            return WrongType(key);
        }

        Set(request, key, text);
        return null;
    }

    /// <summary>Envelope fields keep the words that the API documents for them.</summary>
    private static Refusal WrongType(FieldKey key) => key switch
    {
        FieldKey.From => Refusal.FromNotParseable,
        FieldKey.To => Refusal.RecipientInvalid("to"),
        FieldKey.Cc => Refusal.RecipientInvalid("cc"),
        FieldKey.Bcc => Refusal.RecipientInvalid("bcc"),
        FieldKey.Subject or FieldKey.HtmlBody or FieldKey.TextBody or FieldKey.ReplyTo or FieldKey.InReplyTo
            or FieldKey.References or FieldKey.ListUnsubscribe or FieldKey.Attachments or FieldKey.Tags
            or FieldKey.Unknown => Refusal.FieldInvalid(Key.NameOf(key)),
    };

    private static void Set(SendRequest request, FieldKey key, string? text)
    {
        switch (key)
        {
            case FieldKey.From: request.From = text; break;
            case FieldKey.To: request.To = text; break;
            case FieldKey.Cc: request.Cc = text; break;
            case FieldKey.Bcc: request.Bcc = text; break;
            case FieldKey.Subject: request.Subject = text; break;
            case FieldKey.HtmlBody: request.HtmlBody = text; break;
            case FieldKey.TextBody: request.TextBody = text; break;
            case FieldKey.ReplyTo: request.ReplyTo = text; break;
            case FieldKey.InReplyTo: request.InReplyTo = text; break;
            case FieldKey.References: request.References = text; break;
            case FieldKey.ListUnsubscribe: request.ListUnsubscribe = text; break;
            case FieldKey.Attachments or FieldKey.Tags or FieldKey.Unknown: break;
        }
    }
}
