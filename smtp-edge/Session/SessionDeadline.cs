namespace MailPace.SmtpEdge.Session;

/// <summary>
/// The one deadline that a session has at a time. The server looks at all of them once a second, which costs a session
/// two writes per command instead of a timer.
/// </summary>
internal sealed class SessionDeadline(TimeProvider time)
{
    private long _at = long.MaxValue;

    public bool HasPassed => time.GetTimestamp() >= Volatile.Read(ref _at);

    public void Set(TimeSpan timeout) => Volatile.Write(ref _at, time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency));

    /// <summary>Whether <paramref name="at"/> is the deadline.</summary>
    public bool Is(long at) => Volatile.Read(ref _at) == at;

    public void Clear() => Volatile.Write(ref _at, long.MaxValue);

    /// <summary>Sets a deadline that is not behind another one.</summary>
    public void Set(TimeSpan timeout, long latest) =>
        Volatile.Write(ref _at, Math.Min(latest, time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency)));

    public long In(TimeSpan timeout) => time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency);

    public long Swap(TimeSpan timeout) => Interlocked.Exchange(ref _at, In(timeout));

    public void Restore(long at) => Volatile.Write(ref _at, at);
}
