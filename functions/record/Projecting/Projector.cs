using MailPace.Messaging.Connection;
using Microsoft.Extensions.Options;

namespace MailPace.Record.Projecting;

/// <summary>Projects every partition of MAIL and EVENTS, each in a lane of its own, for the length of a leader's term.</summary>
internal sealed class Projector(LaneServices services, IOptions<NatsOptions> nats)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var mail = Enumerable.Range(0, nats.Value.Partitions).Select(p => new MailLane(services, p)).ToArray();
        var events = Enumerable.Range(0, nats.Value.Partitions).Select(p => new EventsLane(services, p, mail)).ToArray();

        // The first lane to fail ends all of them: they share PostgreSQL, and the term starts anew with it.
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] lanes = [.. mail.Select(l => l.RunAsync(together.Token)), .. events.Select(l => l.RunAsync(together.Token))];
        var first = await Task.WhenAny(lanes);
        await together.CancelAsync();
        await Task.WhenAll(lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }
}
