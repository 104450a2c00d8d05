using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Connection;
using MailPace.Messaging.Ids;
using MailPace.Storage.History;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;

namespace MailPace.Record.Feeding;

/// <summary>
/// Keeps the counter of email ids above every id in history. Where it is gone, alone or with all of NATS, or comes from an old backup,
/// it begins above history, above what MAIL may hold that history lacks, and above the blocks that processes still hold or never used up.
/// </summary>
public sealed partial class EmailIdFloor(EmailIdCounter counter, Emails emails, INatsJSContext jetStream, IOptions<NatsOptions> nats, ILogger<EmailIdFloor> logger)
{
    /// <summary>A thousand blocks.</summary>
    private const long Unused = 1_000_000;

    private readonly ILogger logger = logger;

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var next = await counter.ReadAsync(cancellationToken);
        var highest = await emails.HighestIdAsync(cancellationToken) ?? 0;
        if (next > highest)
        {
            return;
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
}
