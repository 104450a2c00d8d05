using MailPace.Faults.Sinks;
using MailPace.Testing;

namespace MailPace.Faults.Servers;

/// <summary>What differs between the worlds of two scenarios.</summary>
internal sealed record WorldOptions
{
    public required int Seed { get; init; }

    /// <summary>What PostgreSQL begins with.</summary>
    public required PlatformSeed Platform { get; init; }

    /// <summary>Another <c>mailpace</c> than that of this repository: a mutant.</summary>
    public string? Program { get; init; }

    /// <summary>Where progress goes.</summary>
    public required Action<string> Say { get; init; }

    public required SinkManners Manners { get; init; }

    /// <summary>A disk of its own for what is named here.</summary>
    public LoopDisk? Disk { get; init; }

    /// <summary>PostgreSQL's data are on the disk as well.</summary>
    public bool IsPostgresOnDisk { get; init; }
}
