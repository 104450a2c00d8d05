using System.CommandLine;
using MailPace.Messaging.Topology;
using MailPace.Record.Feeding;

namespace MailPace.Host.Commands;

internal static class DirectoryCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create() => new("directory", "The bucket that the sending parts read accounts from")
    {
        Resync(),
    };

    private static Command Resync() => new Command("resync", "Make the bucket what PostgreSQL says, and nothing else; and email ids go on above all that it knows").Does(async run =>
    {
        // The connection to NATS retries for ever; a command doesn't.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.Token);
        limit.CancelAfter(Patience);
        try
        {
            await run.Get<TopologyKeeper>().EnsureAsync(limit.Token);
            var entries = await run.Get<DirectoryPublisher>().ResyncAsync(limit.Token);
            await run.Get<EmailIdFloor>().EnsureAsync(limit.Token);
            await run.SayAsync($"The directory has {entries} entries.");
        }
        catch (OperationCanceledException) when (!run.Token.IsCancellationRequested)
        {
            throw new CommandFailure($"Not done within {Patience.TotalMinutes} minutes: does NATS answer (Nats:Url)?");
        }
    });
}
