using System.Text.Json;

namespace MailPace.Mail.Bounces;

/// <summary>Reads the notifications of Amazon SES, which are JSON in the text of a mail.</summary>
internal static class NotificationReports
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <returns>Null when it's none.</returns>
    public static IncomingReport? Find(ReportParts parts)
    {
        var words = parts.Words.AsSpan().TrimStart();
        return words.StartsWith("{") && words.Contains("otificationType", StringComparison.Ordinal) ? Read(words.ToString()) : null;
    }

    private static IncomingReport? Read(string words)
    {
        try
        {
            using var document = Parse(words);
            var root = document.RootElement;
            if (root.TryGetProperty("Message", out var inner) && inner.GetString() is { } message)
            {
                return Read(message);
            }

            return TextOf(root, "notificationType") switch
            {
                "Bounce" => Bounced(root.GetProperty("bounce")),
                "Complaint" => Complained(root.GetProperty("complaint")),
                _ => null,
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Long lines were folded on the way, and a footer follows: only the value counts.</summary>
    private static JsonDocument Parse(string words)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(words.Replace("!\n ", "", StringComparison.Ordinal).Replace("!\r\n ", "", StringComparison.Ordinal)), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = Options.MaxDepth }));
        return JsonDocument.ParseValue(ref reader);
    }

    private static IncomingReport Bounced(JsonElement bounce) => new(ReportKind.DeliveryStatus)
    {
        Recipients = [.. bounce.GetProperty("bouncedRecipients").EnumerateArray().Take(1000)
            .Select(entry => (Address: AddressText.First(TextOf(entry, "emailAddress") ?? ""), Entry: entry))
            .Where(recipient => recipient.Address is not null)
            .Select(recipient =>
            {
                var diagnostic = TextOf(recipient.Entry, "diagnosticCode") ?? "";
                return StatusReports.Recipient(recipient.Address!, original: null, ReportedAction.Failed, TextOf(recipient.Entry, "status"), diagnostic, new ReportWords(diagnostic), remoteHost: null);
            })],
    };

    private static IncomingReport Complained(JsonElement complaint) => new(ReportKind.Feedback)
    {
        FeedbackType = TextOf(complaint, "complaintFeedbackType")?.ToLowerInvariant() ?? "abuse",
        Complainants = [.. complaint.GetProperty("complainedRecipients").EnumerateArray().Take(1000).Select(entry => AddressText.First(TextOf(entry, "emailAddress") ?? "")).OfType<string>()],
    };

    private static string? TextOf(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
