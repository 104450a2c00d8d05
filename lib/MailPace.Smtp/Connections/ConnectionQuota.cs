namespace MailPace.Smtp.Connections;

/// <summary>
/// What all requests of one kind may have together, whatever hosts they lead to. Who uses it sees to it that no more requests run at once than
/// <see cref="Limit"/>; the pool closes connections that wait for reuse where another one needs their place.
/// </summary>
/// <param name="messagesPerConnection">Messages over one connection.</param>
public sealed class ConnectionQuota(int messagesPerConnection)
{
    private int _open;

    /// <summary>Connections at once.</summary>
    public int Limit { get; set; }

    /// <summary>Connections that are open now, in use or not.</summary>
    public int Open => _open;

    internal int MessagesPerConnection { get; } = messagesPerConnection;

    /// <summary>Connections that wait for reuse, the longest first; the lock is the pool's.</summary>
    internal LinkedList<SmtpConnection> Idle { get; } = new();

    internal void Opened() => Interlocked.Increment(ref _open);

    internal void Closed() => Interlocked.Decrement(ref _open);
}
