using MailPace.Contracts;

namespace MailPace.Mail.Delivery;

/// <summary>
/// The recipients of one email that go out in one transaction: all of one domain (an A-label in lower case).
/// The number, from 0, is the same whenever the plan is made.
/// </summary>
public sealed record PlannedJob(int JobNumber, string RecipientDomain, IReadOnlyList<JobRecipient> Recipients);
