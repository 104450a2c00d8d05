using System.Text.Json;
using MailPace.Mail.Composition;
using MailPace.Mail.Submission;

namespace MailPace.Send.Requests;

/// <summary>Attachments: an array of objects.</summary>
internal static class AttachmentsReader
{
    private const string Field = "attachments";

    public static Refusal? Read(ref Utf8JsonReader reader, SendRequest request)
    {
        request.Attachments = [];
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            var isAbsent = JsonFields.TryReadText(ref reader, out var text) && text is null;
            reader.Skip();
            return isAbsent ? null : Refusal.FieldInvalid(Field);
        }

        Refusal? first = null;
        var attachments = new List<OutgoingAttachment>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var refusal = ReadOne(ref reader, attachments);
            first ??= refusal;
        }

        request.Attachments = attachments;
        return first;
    }

    private static Refusal? ReadOne(ref Utf8JsonReader reader, List<OutgoingAttachment> attachments)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();
            return Refusal.FieldInvalid(Field);
        }

        Refusal? first = null;
        var fields = new AttachmentFields();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var refusal = ReadField(ref reader, fields);
            first ??= refusal;
        }

        first ??= fields.Missing();
        if (first is null)
        {
            attachments.Add(fields.ToAttachment());
        }

        return first;
    }

    private static Refusal? ReadField(ref Utf8JsonReader reader, AttachmentFields fields)
    {
        if (reader.ValueTextEquals("content"u8))
        {
            reader.Read();
            return ReadContent(ref reader, fields);
        }

        var name = reader.ValueTextEquals("name"u8) ? "name"
            : reader.ValueTextEquals("content_type"u8) ? "content_type"
            : reader.ValueTextEquals("cid"u8) ? "cid"
            : null;
        reader.Read();
        if (name is null)
        {
            reader.Skip();
            return null;
        }

        if (!JsonFields.TryReadText(ref reader, $"{Field}.{name}", out var text, out var refusal))
        {
            reader.Skip();
            return refusal;
        }

        fields.Set(name, text);
        return null;
    }

    private static Refusal? ReadContent(ref Utf8JsonReader reader, AttachmentFields fields)
    {
        fields.Content = null;
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is JsonTokenType.String && Base64Content.TryDecode(ref reader, out var content))
        {
            fields.Content = content;
            return null;
        }

        reader.Skip();
        return Refusal.FieldInvalid($"{Field}.content");
    }

    private sealed class AttachmentFields
    {
        private string? _name;
        private string? _contentType;
        private string? _contentId;

        public byte[]? Content { get; set; }

        public void Set(string name, string? text)
        {
            switch (name)
            {
                case "name": _name = text; break;
                case "content_type": _contentType = text; break;
                case "cid": _contentId = text; break;
            }
        }

        public Refusal? Missing()
            => _name is null ? Refusal.RecipientMissing($"{Field}.name")
                : Content is not { Length: > 0 } ? Refusal.RecipientMissing($"{Field}.content")
                : null;

        public OutgoingAttachment ToAttachment() => new()
        {
            Name = _name!,
            Content = Content,
            ContentType = _contentType,
            ContentId = _contentId,
        };
    }
}
