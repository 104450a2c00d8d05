using System.ComponentModel.DataAnnotations;

namespace MailPace.Messaging.Connection;

/// <summary>How to reach NATS, and the shape of the streams.</summary>
public sealed class NatsOptions
{
    public const string SectionName = "Nats";

    /// <summary>Servers, comma-separated. Default: <c>nats://127.0.0.1:4222</c>.</summary>
    [Required]
    public string Url { get; set; } = "nats://127.0.0.1:4222";

    /// <summary>The server's monitoring endpoint, to check that it syncs before it acknowledges, such as <c>http://127.0.0.1:8222</c>. Default: none; then it can't be checked.</summary>
    public string? MonitorUrl { get; set; }

    /// <summary>Stop the process when the server is known not to keep the promise: too old, or alone without <c>sync_interval: always</c>. Default: no, only a loud log entry.</summary>
    public bool RequireSync { get; set; }

    /// <summary>Partitions of MAIL and of EVENTS, each a stream. Can grow, never shrink. Default: 1, what one machine does best with.</summary>
    [Range(1, 64)]
    public int Partitions { get; set; } = 1;

    /// <summary>Replicas of each stream: 1 on one machine, 3 on a cluster. Default: 1.</summary>
    [Range(1, 5)]
    public int Replicas { get; set; } = 1;

    /// <summary>Bytes that MAIL may hold in each partition; above it new mail is refused with 503 and 451. Default: 0, no limit but the disk.</summary>
    [Range(0, long.MaxValue)]
    public long MailMaxBytes { get; set; }

    /// <summary>Bytes that INBOUND may hold; above it strangers' mail is refused with 451. Default: 0, no limit but the disk.</summary>
    [Range(0, long.MaxValue)]
    public long InboundMaxBytes { get; set; }

    /// <summary>How long MAIL keeps accepted mail: at least the retry horizon and a day. Default: 4 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "60.00:00:00")]
    public TimeSpan MailMaxAge { get; set; } = TimeSpan.FromDays(4);

    /// <summary>How long EVENTS keeps what became of it. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "60.00:00:00")]
    public TimeSpan EventsMaxAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a job may be silent before the server hands it to another: above the longest SMTP transaction, or the handler reports progress. Default: 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AckWait { get; set; } = TimeSpan.FromSeconds(60);
}
