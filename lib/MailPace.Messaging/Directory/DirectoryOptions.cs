using System.ComponentModel.DataAnnotations;

namespace MailPace.Messaging.Directory;

/// <summary>How the directory cache follows its bucket.</summary>
public sealed class DirectoryOptions
{
    public const string SectionName = "Directory";

    /// <summary>How often the cache compares itself with the bucket, to notice a watch that fell silent; 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long it waits before it follows the bucket again after a failure; 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);
}
