using MailPace.Messaging.Ids;
using MailPace.Record.Feeding;
using MailPace.Storage;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Record.Leading;

/// <summary>Makes the counter of email ids at the term's begin and whenever it is gone: until then nothing is accepted. With it all of NATS may be gone, so the directory is made again first.</summary>
internal sealed partial class EmailIdKeeper(EmailIdCounter counter, EmailIdFloor floor, DirectoryPublisher directory, TimeProvider time, ILogger<EmailIdKeeper> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ILogger logger = logger;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; await Task.Delay(Interval, time, cancellationToken))
        {
            try
            {
                var isGone = await counter.ReadAsync(cancellationToken) is null;
                if (isGone)
                {
                    await directory.ResyncAsync(cancellationToken);
                }

                if (isFirst || isGone)
                {
                    await floor.EnsureAsync(cancellationToken);
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

    [LoggerMessage(EventIds.EmailIdsUnchecked, LogLevel.Warning, "The counter of email ids can't be compared with history now")]
    private partial void LogFailed(Exception failure);
}
