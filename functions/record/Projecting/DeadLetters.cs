using System.Globalization;
using MailPace.Contracts;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Record.Projecting;

/// <summary>Where a bundle goes that history can't take: visible, with its reason, before the cursor passes it.</summary>
internal sealed partial class DeadLetters(INatsJSContext jetStream, ILogger<DeadLetters> logger)
{
    private readonly ILogger logger = logger;

    /// <exception cref="NotDurableException">It could not be put aside: the cursor must not pass it.</exception>
    public async Task PutAsync(string stream, FollowedMessage message, string reason, CancellationToken cancellationToken)
    {
        LogDead(stream, message.Sequence, reason);
        RecordMetrics.DeadLettered();
        var sequence = message.Sequence.ToString(CultureInfo.InvariantCulture);
        var headers = new NatsHeaders
        {
            ["MailPace-Reason"] = new string([.. reason.Where(static c => c is >= ' ' and <= '~')]),
            ["MailPace-Subject"] = message.Subject,
            ["MailPace-Consumer"] = Streams.RecordConsumer,
            ["MailPace-Sequence"] = sequence,
        };
        var stored = await jetStream.PublishAsync(
            Subjects.Dead(stream),
            message.Data,
            NatsRawSerializer<ReadOnlyMemory<byte>>.Default,
            new NatsJSPubOpts { MsgId = $"{stream}.{Streams.RecordConsumer}.{sequence}" },
            headers,
            cancellationToken);
        if (stored.Error is { } refused)
        {
            throw new NotDurableException($"No dead letter could be stored for {stream} {sequence}: {refused.Description}");
        }
    }

    [LoggerMessage(EventIds.DeadLettered, LogLevel.Critical, "History can't take message {Sequence} of {Stream}, it is put aside: {Reason}")]
    private partial void LogDead(string stream, long sequence, string reason);
}
