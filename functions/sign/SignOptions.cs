using System.ComponentModel.DataAnnotations;

namespace MailPace.Sign;

public sealed class SignOptions
{
    public const string SectionName = "Sign";

    /// <summary>Emails of a bundle that are signed at the same time. Default: 0, the number of cores.</summary>
    [Range(0, 1024)]
    public int Parallelism { get; set; }

    /// <summary>Bundles of each partition in hand at the same time; while one waits for JOBS another is signed. Default: 4.</summary>
    [Range(1, 16)]
    public int Bundles { get; set; } = 4;

    /// <summary>Requests of the reconciler in hand at the same time. Default: 16.</summary>
    [Range(1, 256)]
    public int Redrives { get; set; } = 16;

    internal int EffectiveParallelism => Parallelism > 0 ? Parallelism : Environment.ProcessorCount;
}
