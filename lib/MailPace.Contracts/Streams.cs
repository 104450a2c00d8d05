using System.Globalization;

namespace MailPace.Contracts;

/// <summary>Names of streams, buckets and durable consumers.</summary>
public static class Streams
{
    public const string Jobs = "JOBS";

    /// <summary>What is to be posted to customers' endpoints, now or later.</summary>
    public const string Webhooks = "WEBHOOKS";

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

    /// <summary>Key-value bucket of the MTA-STS policies of domains, as fetched.</summary>
    public const string TlsPolicies = "tls-policies";

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

    /// <summary>Makes webhook deliveries from MAIL and EVENTS. There is one only while a domain has an endpoint.</summary>
    public const string WebhookConsumer = "webhook";

    /// <summary>Takes requests for replays from <see cref="Webhooks"/>.</summary>
    public const string ReplayConsumer = "replay";

    /// <summary>Each endpoint has a consumer of its own, so that none waits for another.</summary>
    public static string EndpointConsumer(long endpointId) => string.Create(CultureInfo.InvariantCulture, $"endpoint-{endpointId}");

    public static string Mail(int partition) => string.Create(CultureInfo.InvariantCulture, $"MAIL-{partition}");

    public static string Events(int partition) => string.Create(CultureInfo.InvariantCulture, $"EVENTS-{partition}");
}
