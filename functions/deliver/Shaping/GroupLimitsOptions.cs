using System.ComponentModel.DataAnnotations;

namespace MailPace.Deliver.Shaping;

/// <summary>The limits of one MX group. What isn't set is taken from the shipped group of the name, else from <c>Shaping:Default</c>.</summary>
public sealed class GroupLimitsOptions
{
    /// <summary>Suffixes of the names of its mail exchangers. Default: those of the shipped group; for a name that isn't shipped, the name itself.</summary>
    public string[] Suffixes { get; set; } = [];

    /// <summary>Connections at once.</summary>
    [Range(1, 10_000)]
    public int? Connections { get; set; }

    /// <summary>Messages over one connection.</summary>
    [Range(1, 1_000_000)]
    public int? MessagesPerConnection { get; set; }

    /// <summary>Messages in <see cref="Per"/>; 0: no limit.</summary>
    [Range(0, 10_000_000)]
    public int? Messages { get; set; }

    /// <summary>The time for <see cref="Messages"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan? Per { get; set; }
}
