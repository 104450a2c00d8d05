using System.CommandLine;
using MailPace.Messaging.Topology;

namespace MailPace.Host.Commands;

internal static class TopologyCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create() => new("topology", "Streams, buckets and consumers in NATS")
    {
        Ensure(),
    };

    private static Command Ensure() => new Command("ensure", "Make what is missing and update what differs; safe to repeat, and while everything runs").Does(async run =>
    {
        // The connection to NATS retries for ever; a command doesn't.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Token);
        limit.CancelAfter(Patience);
        try
        {
            var differences = await run.Get<TopologyKeeper>().EnsureAsync(limit.Token).WaitAsync(limit.Token);
            if (differences.Count > 0)
            {
                throw new CommandFailure(string.Join(Environment.NewLine, differences));
            }

            await run.SayAsync("Streams, buckets and consumers are as they should be.");
        }
        catch (OperationCanceledException) when (!run.Token.IsCancellationRequested)
        {
            throw new CommandFailure($"Not done within {Patience.TotalMinutes} minutes: does NATS answer (Nats:Url)?");
        }
    });
}
