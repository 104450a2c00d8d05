using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MailPace.Deliver;

/// <summary>How jobs are delivered. What concerns the conversation itself is in the sections <c>Smtp</c> (HELO name, timeouts) and <c>Dns</c> (resolvers).</summary>
public sealed class DeliverOptions
{
    public const string SectionName = "Delivery";

    /// <summary><c>sandbox</c> (default), <c>mx</c> or <c>smarthost</c>.</summary>
    public DeliveryRoute Route { get; set; } = DeliveryRoute.Sandbox;

    /// <summary>The sandbox's receiving host; default 127.0.0.1:2626.</summary>
    [ValidateObjectMembers]
    public HostOptions Sandbox { get; set; } = new() { Port = 2626 };

    /// <summary>The relay of the route <c>smarthost</c>; default 127.0.0.1:25.</summary>
    [ValidateObjectMembers]
    public HostOptions Smarthost { get; set; } = new();

    /// <summary>Other ways for the mail of some domains; default none.</summary>
    [ValidateEnumeratedItems]
    public DomainRouteOptions[] Routes { get; set; } = [];

    /// <summary>Jobs handled at the same time, those that wait for room in their MX group included; default 256.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 256;

    /// <summary>Jobs that wait in the process for a free handler; default 64.</summary>
    [Range(1, 10_000)]
    public int Prefetch { get; set; } = 64;

    /// <summary>
    /// How long a job lives in a process, from its arrival to its outcome; default 10 min. The reconciler relies on it: what is silent for longer isn't
    /// being sent by anyone.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan MaxJobLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long conversations under way may take when the process stops; default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);
}
