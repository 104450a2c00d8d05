using System.Diagnostics;
using MailPace.Faults.Ledger;
using NATS.Client.Core;
using Npgsql;

namespace MailPace.Faults.Servers;

/// <summary>
/// After the last fault: waits until every email has ended and nothing is under way, and then reads the accounts. What isn't so at the deadline
/// the checker will say.
/// </summary>
internal sealed class Settling(World world, TimeSpan limit)
{
    /// <summary>How long it took from the last email until all was quiet.</summary>
    public TimeSpan Elapsed { get; private set; }

    public async Task<Accounts> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        var said = TimeSpan.Zero;
        var acknowledged = world.Load.Ledger.Submitted.Count(static email => email.IsAcknowledged);
        while (clock.Elapsed < limit && await OpenAsync(acknowledged) is { } open)
        {
            if (clock.Elapsed - said > TimeSpan.FromSeconds(5))
            {
                said = clock.Elapsed;
                world.Say($"settling: {open}");
            }

            await Task.Delay(250);
        }

        Elapsed = clock.Elapsed;
        if (await OpenAsync(acknowledged) is { } left)
        {
            world.Fail(FormattableString.Invariant($"after {limit.TotalSeconds:0} s all isn't quiet: {left}"));
        }

        return new Accounts
        {
            Submitted = world.Load.Ledger.Submitted,
            Recorded = await world.History.ReadAsync(CancellationToken.None),
            Sink = world.Sink.Store.Read(),
        };
    }

    /// <returns>What is still open; null when nothing is.</returns>
    private async Task<string?> OpenAsync(int acknowledged)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            var (emails, open) = await world.History.CountAsync(patience.Token);
            var waiting = await world.Queues.WaitingAsync(patience.Token);
            return open > 0 || emails < acknowledged
                ? FormattableString.Invariant($"{acknowledged} acknowledged, {emails} recorded, {open} recipients open; {waiting ?? "nothing waits"}")
                : waiting;
        }
        catch (Exception away) when (away is NpgsqlException or NatsException or OperationCanceledException)
        {
            return away.Message;
        }
    }
}
