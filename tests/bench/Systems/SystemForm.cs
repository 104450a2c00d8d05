using System.Net;

namespace MailPace.Bench.Systems;

/// <summary>What of a system runs.</summary>
/// <param name="Sink">Where it delivers to; null for acceptance alone: nothing is taken out of the queue.</param>
internal sealed record SystemForm(IPEndPoint? Sink)
{
    /// <summary>When a deferred email is tried again; absent for the system's own way.</summary>
    public TimeSpan? FirstRetry { get; init; }

    /// <summary>Further options of the platform.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    public static readonly SystemForm AcceptOnly = new((IPEndPoint?)null);
}
