namespace MailPace.Mail.Bounces;

/// <summary>Reads feedback reports: RFC 5965, and what providers send instead.</summary>
internal static class FeedbackReports
{
    private static readonly string[] RecipientFields = ["Original-Rcpt-To", "Removal-Recipient", "Original-Recipient", "X-HmXmrOriginalRecipient", "X-HmXmrOriginalRcptTo"];

    /// <returns>Null when it's none.</returns>
    public static IncomingReport? Find(ReportParts parts)
    {
        var block = parts.FeedbackParts.SelectMany(FieldBlocks.Read).FirstOrDefault(block => FieldBlocks.Find(block, "Feedback-Type") is not null)
            ?? (IsAnnounced(parts) ? FieldBlocks.Read(parts.Words).FirstOrDefault(block => FieldBlocks.Find(block, "Feedback-Type") is not null) : null);
        if (block is null && !parts.FeedbackParts.Any() && !IsAnnounced(parts) && !IsProviders(parts))
        {
            return null;
        }

        var type = (block is null ? null : FieldBlocks.Find(block, "Feedback-Type"))?.Trim().ToLowerInvariant() ?? (IsUnsubscription(parts) ? "opt-out" : "abuse");
        return new IncomingReport(ReportKind.Feedback)
        {
            FeedbackType = type.Length > 40 ? type[..40] : type,
            Complainants = ComplainantsOf(block ?? [], parts),
            OriginalReversePath = AddressText.OfField(block is null ? null : FieldBlocks.Find(block, "Original-Mail-From")) ?? AddressText.OfField(parts.Returned?["Return-Path"]),
            Returned = parts.Returned,
        };
    }

    private static bool IsAnnounced(ReportParts parts)
        => parts.Message.Body?.ContentType.Parameters["report-type"]?.Equals("feedback-report", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Outlook.com (JMRP) sends the message and nothing more; Apple Mail's button sends an email.</summary>
    private static bool IsProviders(ReportParts parts)
        => (parts.Message.Subject ?? "").StartsWith("complaint about message from", StringComparison.OrdinalIgnoreCase)
            || parts.Returned?["X-HmXmrOriginalRecipient"] is not null
            || parts.Header("X-Loop") is "scomp" || IsUnsubscription(parts);

    private static bool IsUnsubscription(ReportParts parts)
        => (parts.Message.Subject ?? "").Trim().Equals("unsubscribe", StringComparison.OrdinalIgnoreCase)
            && parts.Words.Contains("to unsubscribe from the message", StringComparison.OrdinalIgnoreCase);

    private static string[] ComplainantsOf(List<KeyValuePair<string, string>> block, ReportParts parts)
    {
        var named = block.Where(field => RecipientFields.Contains(field.Key, StringComparer.OrdinalIgnoreCase)).Select(field => field.Value)
            .Concat(RecipientFields.SelectMany(name => parts.Returned?.All(name) ?? []))
            .Select(AddressText.OfField).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(100).ToArray();
        if (named.Length > 0)
        {
            return named;
        }

        if (IsUnsubscription(parts))
        {
            return [.. AddressText.All(parts.Header("From") ?? "").Take(1)];
        }

        return [.. AddressText.All(parts.Returned?["To"] ?? "").Distinct(StringComparer.OrdinalIgnoreCase).Take(100)];
    }
}
