using System.ComponentModel.DataAnnotations;

namespace MailPace.Messaging.Publishing;

/// <summary>Limits of the group-commit publishers.</summary>
public sealed class PublishOptions
{
    public const string SectionName = "Publish";

    /// <summary>Bytes that may wait to be stored in each partition; above it, new ones are refused at once. Default: 64 MB.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxWaitingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long one publish is repeated, under the same id, until JetStream acknowledges it. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one try waits for the acknowledgement. Default: 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
