using MailPace.Contracts;
using MailPace.Mail.Submission;
using MailPace.Storage.History;

namespace MailPace.Record.Projecting;

/// <summary>Projects one <c>MAIL-&lt;partition&gt;</c>: what was accepted.</summary>
internal sealed class MailLane(LaneServices services, int partition) : Lane<AcceptedEmail>(services, Streams.Mail(partition))
{
    protected override string Kind => "mail";

    protected override DecodedBundle<AcceptedEmail> Decode(FollowedMessage message)
        => BundleDecoder.Decode(message.Data, ContractsJsonContext.Default.AcceptedEmail);

    protected override Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override Task ApplyAsync(
        ProjectedRange range, IReadOnlyList<(FollowedMessage Message, IReadOnlyList<DecodedItem<AcceptedEmail>> Items)> bundles, CancellationToken cancellationToken)
    {
        var emails = bundles
            .SelectMany(bundle => bundle.Items.Select(item => new ProjectedEmail
            {
                Email = item.Value,
                MailPartition = partition,
                MailSequence = bundle.Message.Sequence,
                JobNumbers = JobNumbersOf(item.Value),
                Content = item.Body,
            }))
            .ToArray();
        return Services.Projection.ApplyMailAsync(range, emails, cancellationToken);
    }

    private static int[] JobNumbersOf(AcceptedEmail email)
    {
        var numbers = new int[email.Recipients.Count];
        foreach (var job in DeliveryPlan.Of(email))
        {
            foreach (var recipient in job.Recipients)
            {
                numbers[recipient.Ordinal] = job.JobNumber;
            }
        }

        return numbers;
    }
}
