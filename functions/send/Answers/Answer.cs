using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MailPace.Mail.Submission;
using MailPace.Messaging.Intake;
using Microsoft.AspNetCore.Http;

namespace MailPace.Send.Answers;

/// <summary>The API's answers, byte for byte.</summary>
internal static class Answer
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>"can't" stays as it is; nothing here is written into a page.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task AcceptedAsync(HttpResponse response, long id)
        => WriteAsync(response, StatusCodes.Status200OK, json => WriteObject(json, () => WriteAccepted(json, id)));

    public static Task RefusedAsync(HttpResponse response, Refusal refusal)
    {
        SetRetryAfter(response, refusal);
        return WriteAsync(response, RefusalStatus.For(refusal.Kind), json => WriteObject(json, () => WriteRefused(json, refusal)));
    }

    /// <summary>What became of each email of a batch, in order.</summary>
    public static Task BatchAsync(HttpResponse response, IReadOnlyList<IntakeResult> results)
        => WriteAsync(response, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            foreach (var result in results)
            {
                WriteObject(json, () => result.Match<object?>(
                    accepted => { WriteAccepted(json, accepted.Id); return null; },
                    refused => { WriteRefused(json, refused.Refusal); return null; }));
            }

            json.WriteEndArray();
        });

    public static Task ErrorAsync(HttpResponse response, int status, string message)
        => WriteAsync(response, status, json => WriteObject(json, () => json.WriteString("error"u8, message)));

    private static void WriteAccepted(Utf8JsonWriter json, long id)
    {
        json.WriteNumber("id"u8, id);
        json.WriteString("status"u8, "pending"u8);
    }

    private static void WriteRefused(Utf8JsonWriter json, Refusal refusal)
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
    }

    private static void SetRetryAfter(HttpResponse response, Refusal refusal)
    {
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void WriteObject(Utf8JsonWriter json, Action write)
    {
        json.WriteStartObject();
        write();
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, Options))
        {
            write(json);
        }

        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted);
    }
}
