using System.ComponentModel.DataAnnotations;

namespace MailPace.Deliver.Shaping;

/// <summary>How much mail goes to whom at a time. The limits hold for all <c>deliver</c> processes together.</summary>
public sealed class ShapingOptions : IValidatableObject
{
    public const string SectionName = "Shaping";

    /// <summary>
    /// Limits of MX groups by name: <c>Shaping:Groups:google:Connections</c>. A group that isn't shipped is named by the end of its mail exchangers'
    /// names, such as <c>example.net</c>; the group of a fixed route by its host.
    /// </summary>
    public Dictionary<string, GroupLimitsOptions> Groups { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Connections to a group without limits of its own; default 20.</summary>
    [Range(1, 10_000)]
    public int Connections { get; set; } = 20;

    /// <summary>Messages over one of its connections; default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerConnection { get; set; } = 1000;

    /// <summary>Messages per second that such a group gets; default 0, no limit.</summary>
    [Range(0, 1_000_000)]
    public double MessagesPerSecond { get; set; }

    /// <summary>
    /// How long a job may wait in the process for room in its group; default 500 ms. Where it would wait longer it's given back to JOBS until
    /// room is expected, so that jobs of slow groups keep no other's from being handled.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest time until a job that was given back comes again; default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, limits) in Groups)
        {
            var faults = new List<ValidationResult>();
            Validator.TryValidateObject(limits, new ValidationContext(limits), faults, validateAllProperties: true);
            foreach (var fault in faults)
            {
                yield return new ValidationResult($"Shaping:Groups:{name}: {fault.ErrorMessage}", [nameof(Groups)]);
            }

            if (!GroupName.IsFit(name))
            {
                yield return new ValidationResult($"Shaping:Groups:{name}: a group's name has letters, digits, hyphens and dots.", [nameof(Groups)]);
            }
        }
    }
}
