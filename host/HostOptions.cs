using System.ComponentModel.DataAnnotations;

namespace MailPace.Host;

/// <summary>What of the platform this process runs.</summary>
public sealed class HostOptions : IValidatableObject
{
    public const string SectionName = "Host";

    /// <summary>
    /// Parts, separated by commas: <c>send</c>, <c>sign</c>, <c>deliver</c>, <c>record</c>, <c>webhook</c>, <c>dashboard</c>, <c>smtp-edge</c>, <c>sandbox</c>.
    /// Default: all; the sandbox only while <c>Delivery:Route</c> leads there.
    /// </summary>
    public string Functions { get; set; } = "";

    internal IReadOnlyList<string> Names => Functions.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => Names.Where(name => PlatformParts.All.All(part => part.Name != name))
            .Select(name => new ValidationResult($"{name} is no part; there are {string.Join(", ", PlatformParts.All.Select(part => part.Name))}.", [nameof(Functions)]));
}
