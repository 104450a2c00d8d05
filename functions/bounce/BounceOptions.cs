using System.ComponentModel.DataAnnotations;

namespace MailPace.Bounce;

/// <summary>How reports are read.</summary>
public sealed class BounceOptions
{
    public const string SectionName = "Bounce";

    /// <summary>Bundles of reports read at the same time; default 4.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 4;
}
