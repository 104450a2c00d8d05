using System.Globalization;

namespace MailPace.Contracts;

/// <summary>Names of streams, buckets and durable consumers.</summary>
public static class Streams
{
    public const string Jobs = "JOBS";

    /// <summary>What strangers' servers handed in.</summary>
    public const string Inbound = "INBOUND";

    /// <summary>Messages that no handler could take, with their reason.</summary>
    public const string Dead = "DEAD";

    /// <summary>Key-value bucket of tokens, domains, keys and suppressions.</summary>
    public const string Directory = "directory";

    /// <summary>Key-value bucket of counters: the next block of email ids, and what a stream held when a consumer was first seen on a server.</summary>
    public const string Counters = "counters";

    /// <summary>Key-value bucket of MX groups: how the processes share their limits, and which are slowed down. In memory: gone, it's learned again.</summary>
    public const string Shaping = "shaping";

    /// <summary>Object store of messages too large for a bundle.</summary>
    public const string Blobs = "blobs";

    public const string SignConsumer = "sign";
    public const string RedriveConsumer = "redrive";
    public const string DeliverConsumer = "deliver";
    public const string RecordConsumer = "record";

    /// <summary>Takes bounces and feedback reports from <see cref="Inbound"/>.</summary>
    public const string BounceConsumer = "bounce";

    /// <summary>Takes customers' mail from <see cref="Inbound"/>.</summary>
    public const string InboundConsumer = "inbound";

    public static string Mail(int partition) => string.Create(CultureInfo.InvariantCulture, $"MAIL-{partition}");

    public static string Events(int partition) => string.Create(CultureInfo.InvariantCulture, $"EVENTS-{partition}");
}
