using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Intake;

/// <summary>A message that goes to its place while it comes. Disposed of before it is complete, it leaves nothing.</summary>
public abstract class LargeMessage : IAsyncDisposable
{
    /// <summary>Takes the next octets; they are valid until it returns. An exception is answered with 451, after the rest has come.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> octets);

    /// <summary>As <see cref="IMessageIntake.AcceptAsync"/>, of all that was written.</summary>
    public abstract ValueTask<SmtpReply> CompleteAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
