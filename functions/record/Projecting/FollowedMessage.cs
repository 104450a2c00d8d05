using System.Buffers;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Record.Projecting;

/// <summary>One bundle of a followed stream; its bytes are pooled and go back when it's disposed.</summary>
internal sealed class FollowedMessage(INatsJSMsg<NatsMemoryOwner<byte>> message) : IDisposable
{
    private NatsMemoryOwner<byte> data = message.Data;

    public long Sequence { get; } = (long)message.Metadata!.Value.Sequence.Stream;

    public string Subject => message.Subject;

    public ReadOnlyMemory<byte> Data => data.Memory;

    public ValueTask AckAsync(CancellationToken cancellationToken) => message.AckAsync(cancellationToken: cancellationToken);

    public void Dispose() => ((IMemoryOwner<byte>)data).Dispose();
}
