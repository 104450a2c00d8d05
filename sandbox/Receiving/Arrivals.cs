namespace MailPace.Sandbox.Receiving;

/// <summary>Tells those who wait for a message that one has come.</summary>
public sealed class Arrivals
{
    private volatile TaskCompletionSource next = New();

    /// <summary>Completes at the next arrival. Take it before looking, so that none is missed.</summary>
    public Task Next => next.Task;

    internal void Announce() => Interlocked.Exchange(ref next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
