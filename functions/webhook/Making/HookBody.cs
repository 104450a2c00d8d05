using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MailPace.Webhook.Making;

/// <summary>The body that is posted: MailPace's members in MailPace's order, then ours.</summary>
internal static class HookBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Write(EmailFields email, HookEvent occurred)
    {
        var output = new ArrayBufferWriter<byte>(email.Members.Length + 512);
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("event"u8, occurred.Name);
        json.WriteStartObject("payload"u8);
        json.WriteString("status"u8, occurred.Status);
        json.WriteNumber("id"u8, email.Id);
        json.WriteNumber("domain_id"u8, email.DomainId);
        json.WriteString("created_at"u8, TimeOf(email.AcceptedAt));
        json.WriteString("updated_at"u8, TimeOf(occurred.At));
        json.Flush();
        output.Write(","u8);
        output.Write(email.Members);
        json.WriteString("event_id"u8, occurred.Id);
        Text(json, "recipient", occurred.Recipient);
        WriteReply(json, occurred);
        if (occurred.Attempt is { } attempt)
        {
            json.WriteNumber("attempt"u8, attempt);
        }
        else
        {
            json.WriteNull("attempt"u8);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteReply(Utf8JsonWriter json, HookEvent occurred)
    {
        if (occurred.Reply is not { } reply)
        {
            json.WriteNull("reply"u8);
            return;
        }

        json.WriteStartObject("reply"u8);
        json.WriteNumber("code"u8, reply.Code);
        Text(json, "enhanced", reply.Enhanced);
        json.WriteString("text"u8, reply.Text);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteString(name, value);
    }

    /// <summary>ISO 8601, UTC, milliseconds.</summary>
    private static string TimeOf(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
