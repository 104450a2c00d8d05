using MailPace.Storage;
using MailPace.Storage.History;
using Microsoft.Extensions.Logging;

namespace MailPace.Record.Leading;

/// <summary>Makes the partitions of the days ahead, so that none has to be made at midnight on the hot path.</summary>
internal sealed partial class PartitionKeeper(DayPartitions partitions, TimeProvider time, ILogger<PartitionKeeper> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly ILogger logger = logger;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await partitions.EnsureAheadAsync(cancellationToken);
            }
            catch (Exception failure) when (PostgresFaults.IsTransient(failure) && !cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure);
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    [LoggerMessage(EventIds.PartitionsFailed, LogLevel.Warning, "The partitions of the days ahead could not be made; the projection makes them when it needs them")]
    private partial void LogFailed(Exception failure);
}
