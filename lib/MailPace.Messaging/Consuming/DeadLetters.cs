using System.Globalization;
using MailPace.Contracts;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Consuming;

/// <summary>Stores what no handler could take in DEAD, with its payload and its reason.</summary>
internal sealed class DeadLetters(INatsJSContext jetStream, StreamConsumerOptions options)
{
    private const int ReasonLength = 500;

    /// <returns>Why it isn't stored; null when it is.</returns>
    public async ValueTask<string?> TryStoreAsync(HeldMessage held, string reason)
    {
        var headers = new NatsHeaders
        {
            // A header value holds printable ASCII only, or the next line would be a header field of the reason's own.
            ["MailPace-Reason"] = new string([.. reason.Where(static c => c is >= ' ' and <= '~').Take(ReasonLength)]),
            ["MailPace-Subject"] = held.Message.Subject,
            ["MailPace-Consumer"] = options.Consumer,
            ["MailPace-Sequence"] = held.Sequence.ToString(CultureInfo.InvariantCulture),
        };
        var id = string.Create(CultureInfo.InvariantCulture, $"{options.Stream}.{options.Consumer}.{held.ConsumerCreated.UtcTicks}.{held.Sequence}");
        var result = await jetStream.TryPublishAsync(
            Subjects.Dead(options.Stream), held.Message.Data.Memory, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, new NatsJSPubOpts { MsgId = id }, headers);
        return result.Success ? result.Value.Error?.Description : result.Error.Message;
    }
}
