using MailPace.Contracts;
using MailPace.Mail.Submission;

namespace MailPace.Mail.Tests.Submission;

public sealed class DeliveryPlanTests
{
    [Fact]
    public void Of_SeveralDomains_OneJobEachInOrder()
    {
        var jobs = DeliveryPlan.Of(Email("a@x.example", "b@y.example", "c@x.example"));
        Assert.Equal([(0, "x.example"), (1, "y.example")], jobs.Select(job => (job.JobNumber, job.RecipientDomain)));
        Assert.Equal([0, 2], jobs[0].Recipients.Select(recipient => recipient.Ordinal));
        Assert.Equal(["b@y.example"], jobs[1].Recipients.Select(recipient => recipient.Address));
    }

    [Fact]
    public void Of_ManyRecipients_AtMost100InAJobAndEachOnce()
    {
        var email = Email([.. Enumerable.Range(0, 350).Select(i => $"u{i}@{(i % 3 == 0 ? "x" : "y")}.example")]);
        var jobs = DeliveryPlan.Of(email);
        Assert.All(jobs, job => Assert.InRange(job.Recipients.Count, 1, DeliveryPlan.MaximumRecipients));
        Assert.Equal(Enumerable.Range(0, jobs.Count), jobs.Select(job => job.JobNumber));
        Assert.Equal(Enumerable.Range(0, 350), jobs.SelectMany(job => job.Recipients).Select(recipient => recipient.Ordinal).Order());
    }

    private static AcceptedEmail Email(params string[] recipients) => new()
    {
        Id = 1,
        OrganisationId = 1,
        DomainId = 1,
        TokenId = 1,
        Domain = "b.example",
        Source = EmailSource.Api,
        AcceptedAt = DateTimeOffset.UnixEpoch,
        HeaderFrom = "a@b.example",
        Recipients = [.. recipients.Select(address => new EnvelopeRecipient(address, RecipientKind.To))],
        MessageId = "<1@b.example>",
        Size = 1,
    };
}
