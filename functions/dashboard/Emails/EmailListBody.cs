namespace MailPace.Dashboard.Emails;

/// <summary>One page of emails, newest first.</summary>
/// <param name="Emails">The page.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to go on; null at the end.</param>
internal sealed record EmailListBody(IReadOnlyList<EmailSummaryBody> Emails, string? NextCursor);
