using MailPace.Contracts;

namespace MailPace.Mail.Submission;

/// <summary>A job to be: some recipients of one domain.</summary>
public sealed record PlannedJob(int JobNumber, string RecipientDomain, IReadOnlyList<JobRecipient> Recipients);
