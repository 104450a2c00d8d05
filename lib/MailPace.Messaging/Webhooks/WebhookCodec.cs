using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Jobs;
using NATS.Client.Core;

namespace MailPace.Messaging.Webhooks;

/// <summary>The payload of <c>webhooks.deliver</c> and <c>webhooks.retry</c>: version (1 octet), length of the facts (4, little-endian), facts as JSON, body.</summary>
public sealed class WebhookCodec : INatsSerialize<WebhookMessage>
{
    public const byte Version = 1;

    private const int HeaderBytes = 1 + sizeof(int);

    public static readonly WebhookCodec Instance = new();

    /// <exception cref="JobFormatException">No delivery, or one of an unknown version.</exception>
    public static WebhookMessage Read(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < HeaderBytes || payload.Span[0] != Version)
        {
            throw new JobFormatException("No webhook delivery, or one of an unknown version.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(payload.Span[1..]);
        if (length < 0 || length > payload.Length - HeaderBytes)
        {
            throw new JobFormatException("The webhook delivery is cut short.");
        }

        try
        {
            var delivery = JsonSerializer.Deserialize(payload.Span.Slice(HeaderBytes, length), ContractsJsonContext.Default.WebhookDelivery)
                ?? throw new JobFormatException("The facts of the webhook delivery are null.");
            return new WebhookMessage(delivery, payload[(HeaderBytes + length)..]);
        }
        catch (JsonException invalid)
        {
            throw new JobFormatException("The facts of the webhook delivery are no JSON of one: " + invalid.Message);
        }
    }

    public void Serialize(IBufferWriter<byte> bufferWriter, WebhookMessage value)
    {
        var facts = JsonSerializer.SerializeToUtf8Bytes(value.Delivery, ContractsJsonContext.Default.WebhookDelivery);
        var header = bufferWriter.GetSpan(HeaderBytes);
        header[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], facts.Length);
        bufferWriter.Advance(HeaderBytes);
        bufferWriter.Write(facts);
        bufferWriter.Write(value.Body.Span);
    }
}
