using MailPace.Contracts;

namespace MailPace.Mail.Delivery;

/// <summary>
/// Splits an email into jobs by recipient domain. The plan follows from the recipients alone: a bundle that is handled
/// again gives the same job numbers, which is what makes its publishes repeat the same ids.
/// </summary>
public static class DeliveryPlan
{
    /// <summary>What every server takes in one transaction (RFC 5321 §4.5.3.1.8).</summary>
    public const int MaxRecipients = 100;

    public static IReadOnlyList<PlannedJob> Of(AcceptedEmail email)
    {
        if (email.Recipients.Count == 1)
        {
            var only = email.Recipients[0].Address;
            return [new PlannedJob(0, DomainOf(only), [new JobRecipient(0, only)])];
        }

        var jobs = new List<PlannedJob>();
        var open = new Dictionary<string, List<JobRecipient>>(StringComparer.Ordinal);
        for (var ordinal = 0; ordinal < email.Recipients.Count; ordinal++)
        {
            var address = email.Recipients[ordinal].Address;
            var domain = DomainOf(address);
            if (!open.TryGetValue(domain, out var recipients) || recipients.Count == MaxRecipients)
            {
                recipients = [];
                open[domain] = recipients;
                jobs.Add(new PlannedJob(jobs.Count, domain, recipients));
            }

            recipients.Add(new JobRecipient(ordinal, address));
        }

        return jobs;
    }

    private static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();
}
