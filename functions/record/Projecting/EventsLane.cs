using MailPace.Contracts;
using MailPace.Storage.History;

namespace MailPace.Record.Projecting;

/// <summary>
/// Projects one <c>EVENTS-&lt;partition&gt;</c>: what became of it. An event follows its email's acceptance; so once MAIL is projected up to
/// where it ends after the batch was read, every email of the batch has its rows.
/// </summary>
internal sealed class EventsLane(LaneServices services, int partition, IReadOnlyList<MailLane> mail) : Lane<EmailEvent>(services, Streams.Events(partition))
{
    protected override string Kind => "events";

    protected override DecodedBundle<EmailEvent> Decode(FollowedMessage message)
        => BundleDecoder.Decode(message.Data, ContractsJsonContext.Default.EmailEvent);

    protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        for (var number = 0; number < mail.Count; number++)
        {
            var last = await Services.Inspector.LastSequenceAsync(Streams.Mail(number), cancellationToken);
            await mail[number].Progress.WaitForAsync(last, cancellationToken);
        }
    }

    protected override Task ApplyAsync(
        ProjectedRange range, IReadOnlyList<(FollowedMessage Message, IReadOnlyList<DecodedItem<EmailEvent>> Items)> bundles, CancellationToken cancellationToken)
        => Services.Projection.ApplyEventsAsync(range, [.. bundles.SelectMany(static b => b.Items.Select(static i => i.Value))], cancellationToken);
}
