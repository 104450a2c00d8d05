namespace MailPace.Mail.Bounces;

/// <summary>What was understood of a message that came back.</summary>
public sealed record IncomingReport(ReportKind Kind)
{
    public static IncomingReport None { get; } = new(ReportKind.None);

    public static IncomingReport AutoReply { get; } = new(ReportKind.AutoReply);

    /// <summary>Of a delivery status notification: in its order, each address once.</summary>
    public IReadOnlyList<ReportedRecipient> Recipients { get; init; } = [];

    /// <summary>Of a feedback report: <c>abuse</c>, <c>fraud</c>, <c>virus</c>, <c>not-spam</c>, <c>auth-failure</c>, <c>opt-out</c> …, in lower case.</summary>
    public string? FeedbackType { get; init; }

    /// <summary>Of a feedback report: who complained, as far as it isn't redacted.</summary>
    public IReadOnlyList<string> Complainants { get; init; } = [];

    /// <summary>Of a feedback report: Original-Mail-From, or the Return-Path of the returned message.</summary>
    public string? OriginalReversePath { get; init; }

    /// <summary>What was returned of the email; null when nothing was.</summary>
    public ReturnedHeader? Returned { get; init; }

    /// <summary>A person called the email unwanted; the other feedback types say something about the message, or take the complaint back.</summary>
    public bool IsComplaint => Kind == ReportKind.Feedback && FeedbackType is "abuse" or "fraud" or "opt-out" or "opt-out-list" or "complaint" or "spam" or "virus" or "miscategorized";
}
