using MailPace.Contracts;

namespace MailPace.Mail.Submission;

/// <summary>
/// Splits an email into jobs: one for each recipient domain, in order of appearance, at most <see cref="MaximumRecipients"/> in each.
/// A function of the email alone, so that a job can be made again under the same number.
/// </summary>
public static class DeliveryPlan
{
    /// <summary>What every SMTP server must take in one transaction (RFC 5321 §4.5.3.1.8).</summary>
    public const int MaximumRecipients = 100;

    public static IReadOnlyList<PlannedJob> Of(AcceptedEmail email)
    {
        var byDomain = new OrderedDictionary<string, List<JobRecipient>>(StringComparer.Ordinal);
        for (var ordinal = 0; ordinal < email.Recipients.Count; ordinal++)
        {
            var address = email.Recipients[ordinal].Address;
            var domain = address[(address.LastIndexOf('@') + 1)..];
            if (!byDomain.TryGetValue(domain, out var recipients))
            {
                byDomain.Add(domain, recipients = []);
            }

            recipients.Add(new JobRecipient(ordinal, address));
        }

        var jobs = new List<PlannedJob>();
        foreach (var (domain, recipients) in byDomain)
        {
            foreach (var chunk in recipients.Chunk(MaximumRecipients))
            {
                jobs.Add(new PlannedJob(jobs.Count, domain, chunk));
            }
        }

        return jobs;
    }
}
