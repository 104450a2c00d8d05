using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Ids;
using MailPace.Record.Feeding;
using MailPace.Storage;
using MailPace.Storage.History;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Record.Leading;

/// <summary>
/// Keeps the counter of email ids above every id in history. Where it is gone, alone or with all of NATS, or comes from an old backup,
/// it begins above history, above what MAIL may hold that history lacks, and above the blocks that processes still hold or never used
/// up. Until then nothing is accepted. With the counter the directory may be gone: it is made again first.
/// </summary>
internal sealed partial class EmailIdKeeper(
    EmailIdCounter counter,
    Emails emails,
    DirectoryPublisher directory,
    INatsJSContext jetStream,
    IOptions<NatsOptions> nats,
    TimeProvider time,
    ILogger<EmailIdKeeper> logger)
{
    /// <summary>A thousand blocks.</summary>
    private const long Unused = 1_000_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ILogger logger = logger;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; await Task.Delay(Interval, time, cancellationToken))
        {
            try
            {
                var next = await counter.ReadAsync(cancellationToken);
                if (isFirst || next is null)
                {
                    await CompareWithHistoryAsync(next, cancellationToken);
                }

                isFirst = false;
            }
            catch (Exception failure) when (IsTransient(failure) && !cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure);
            }
        }
    }

    private static bool IsTransient(Exception failure)
        => PostgresFaults.IsTransient(failure) || failure is NatsException or NatsJSException or NatsKVException or TimeoutException or OperationCanceledException;

    private async Task CompareWithHistoryAsync(long? next, CancellationToken cancellationToken)
    {
        var highest = await emails.HighestIdAsync(cancellationToken) ?? 0;
        if (next > highest)
        {
            return;
        }

        if (next is null)
        {
            await directory.ResyncAsync(cancellationToken);
        }

        var bundles = await CountBundlesAsync(cancellationToken);
        if (next is null && highest == 0 && bundles == 0)
        {
            await counter.RaiseAsync(1, cancellationToken);
            return;
        }

        var floor = highest + (bundles * Bundle.MaximumItems) + Unused;
        await counter.RaiseAsync(floor, cancellationToken);
        LogRaised(floor, highest, next);
    }

    private async Task<long> CountBundlesAsync(CancellationToken cancellationToken)
    {
        var count = 0L;
        for (var partition = 0; partition < nats.Value.Partitions; partition++)
        {
            count += (await jetStream.GetStreamAsync(Streams.Mail(partition), cancellationToken: cancellationToken)).Info.State.Messages;
        }

        return count;
    }

    [LoggerMessage(EventIds.EmailIdsRaised, LogLevel.Critical,
        "Email ids go on at {Next}: history knows {Highest}, and the counter in NATS said {Counter}. NATS has lost data, or an old backup was restored")]
    private partial void LogRaised(long next, long highest, long? counter);

    [LoggerMessage(EventIds.EmailIdsUnchecked, LogLevel.Warning, "The counter of email ids can't be compared with history now")]
    private partial void LogFailed(Exception failure);
}
