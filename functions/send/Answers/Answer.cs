using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MailPace.Mail.Submission;
using Microsoft.AspNetCore.Http;

namespace MailPace.Send.Answers;

/// <summary>The API's answers, byte for byte.</summary>
internal static class Answer
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>"can't" stays as it is; nothing here is written into a page.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task AcceptedAsync(HttpResponse response, long id)
        => WriteAsync(response, StatusCodes.Status200OK, json =>
        {
            json.WriteNumber("id"u8, id);
            json.WriteString("status"u8, "pending"u8);
        });

    public static Task RefusedAsync(HttpResponse response, Refusal refusal)
    {
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(response, RefusalStatus.For(refusal.Kind), json =>
        {
            if (refusal.Field is null)
            {
                json.WriteString("error"u8, refusal.Message);
                return;
            }

            json.WriteStartObject("errors"u8);
            json.WriteStartArray(refusal.Field);
            json.WriteStringValue(refusal.Message);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task WriteAsync(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted);
    }
}
