using MailPace.Storage;
using MailPace.Storage.Directory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;
using Npgsql;

namespace MailPace.Record.Feeding;

/// <summary>Feeds the outbox into the bucket for the length of a leader's term: at each notification, and now and then without one.</summary>
internal sealed partial class DirectoryFeed(
    Database database, DirectoryPublisher publisher, IOptions<RecordOptions> options, TimeProvider time, ILogger<DirectoryFeed> logger)
{
    private readonly ILogger logger = logger;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && IsTransient(failure))
            {
                LogFailed(failure);
                await Task.Delay(options.Value.FeedInterval, time, cancellationToken);
            }
        }
    }

    private static bool IsTransient(Exception failure)
        => PostgresFaults.IsTransient(failure) || failure is NatsException or NatsJSException or NatsKVException or OperationCanceledException;

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {DirectoryOutbox.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            // Listening first, then reading: no change falls in between.
            await publisher.DrainAsync(cancellationToken);
            await connection.WaitAsync(options.Value.FeedInterval, cancellationToken);
        }
    }

    [LoggerMessage(EventIds.FeedFailed, LogLevel.Warning, "Changes of accounts wait: the directory can't be fed now")]
    private partial void LogFailed(Exception failure);
}
