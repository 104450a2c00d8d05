using System.Buffers;
using NATS.Client.Core;

namespace MailPace.Messaging.Bundles;

/// <summary>Writes a bundle straight into the connection's buffer: a message is copied once between the client's socket and NATS.</summary>
internal sealed class BundleSerializer : INatsSerialize<ReadOnlyMemory<BundleItem>>
{
    public static readonly BundleSerializer Instance = new();

    public void Serialize(IBufferWriter<byte> bufferWriter, ReadOnlyMemory<BundleItem> value) => Bundle.Write(bufferWriter, value.Span);
}
