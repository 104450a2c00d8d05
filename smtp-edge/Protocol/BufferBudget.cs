namespace MailPace.SmtpEdge.Protocol;

/// <summary>What all messages of a server may take in memory together while they are read.</summary>
internal sealed class BufferBudget(long limit)
{
    private long _taken;

    public long Taken => Volatile.Read(ref _taken);

    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _taken, count) <= limit)
        {
            return true;
        }

        Give(count);
        return false;
    }

    public void Give(long count) => Interlocked.Add(ref _taken, -count);
}
