using MailPace.Storage;
using MailPace.Storage.Suppressing;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace MailPace.Record.Feeding;

/// <summary>Takes expired entries off the Block and Allow Lists, and keeps their log in the directory short, for the length of a leader's term.</summary>
internal sealed partial class SuppressionKeeper(Suppressions suppressions, DirectoryPublisher publisher, TimeProvider time, ILogger<SuppressionKeeper> logger)
{
    /// <summary>What a starting process reads in a moment; a snapshot of a million addresses has some sixty.</summary>
    private const int LongestLog = 2_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ILogger logger = logger;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await suppressions.ExpireAsync(cancellationToken);
                if (await publisher.CompactAsync(LongestLog, cancellationToken))
                {
                    LogCompacted();
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && (PostgresFaults.IsTransient(failure) || failure is NatsException or OperationCanceledException))
            {
                LogFailed(failure);
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    [LoggerMessage(EventIds.SuppressionsCompacted, LogLevel.Information, "The directory's log of suppressions was long; a snapshot replaced it")]
    private partial void LogCompacted();

    [LoggerMessage(EventIds.SuppressionsFailed, LogLevel.Warning, "Expired suppressions can't be removed now")]
    private partial void LogFailed(Exception failure);
}
