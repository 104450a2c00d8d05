namespace MailPace.Record.Projecting;

/// <summary>How far a stream is projected by this leader; the lanes of EVENTS wait for those of MAIL.</summary>
internal sealed class StreamProgress
{
    private readonly Lock gate = new();
    private TaskCompletionSource moved = New();
    private long sequence;

    public void Report(long reached)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            sequence = reached;
            waiting = moved;
            moved = New();
        }

        waiting.TrySetResult();
    }

    public async Task WaitForAsync(long target, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (sequence >= target)
                {
                    return;
                }

                next = moved.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
