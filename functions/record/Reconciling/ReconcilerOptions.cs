using System.ComponentModel.DataAnnotations;

namespace MailPace.Record.Reconciling;

public sealed class ReconcilerOptions
{
    public const string SectionName = "Reconciler";

    /// <summary>
    /// How long a job may live in a process of <c>deliver</c>, waiting and sending. Nothing is re-driven before JOBS, the server and the
    /// email's last sign of life are that old: a job taken from a JOBS that is gone may still be under way. Default 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxJobLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Pause after each batch at the slow pace. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Jobs looked at in one batch. Default 200.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 200;

    /// <summary>A job re-driven more often than this is reported as stuck. Default 3.</summary>
    [Range(1, 1_000)]
    public int OftenRedriven { get; set; } = 3;
}
