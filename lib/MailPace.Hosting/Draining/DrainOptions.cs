using System.ComponentModel.DataAnnotations;

namespace MailPace.Hosting.Draining;

public sealed class DrainOptions
{
    public const string SectionName = "Drain";

    /// <summary>
    /// How long a process that was told to stop still serves, while <c>/_/ready</c> answers 503. Default: 0, right on one machine;
    /// on a cluster 5 s, since endpoints are withdrawn by the probe.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.Zero;

    /// <summary>How long what is in flight may take to end after that. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
