namespace MailPace.Smtp.Connections;

/// <summary>The connections to one destination; its lock is the pool's.</summary>
internal sealed class DestinationPool(int maxConnections) : IDisposable
{
    /// <summary>One per connection that may be in use.</summary>
    public SemaphoreSlim Slots { get; } = new(maxConnections);

    /// <summary>Most recently used last, and taken first, so that few connections are kept busy and the others expire.</summary>
    public List<SmtpConnection> Idle { get; } = [];

    /// <summary>How many use it or wait for it: it isn't forgotten meanwhile.</summary>
    public int Users { get; set; }

    /// <summary>Timestamp until which TLS isn't tried, since it failed.</summary>
    public long ClearUntil { get; set; } = long.MinValue;

    public void Dispose() => Slots.Dispose();
}
