using MailPace.Messaging.Blobs;
using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>A stranger's message that is stored while it comes.</summary>
/// <param name="blob">Takes the octets.</param>
/// <param name="store">Puts the facts into INBOUND.</param>
internal sealed class LargeInbound(BlobWriter blob, Func<CancellationToken, ValueTask<SmtpReply>> store) : LargeMessage
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> octets) => blob.WriteAsync(octets);

    public override async ValueTask<SmtpReply> CompleteAsync(CancellationToken cancellationToken)
    {
        await blob.CompleteAsync().ConfigureAwait(false);
        return await store(cancellationToken).ConfigureAwait(false);
    }

    public override ValueTask DisposeAsync() => blob.DisposeAsync();
}
