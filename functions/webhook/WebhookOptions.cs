using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;

namespace MailPace.Webhook;

/// <summary>How events are posted to customers' endpoints.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    public const string SectionName = "Webhooks";

    /// <summary>Events that are posted to one endpoint at the same time, by all processes together. Default: 10.</summary>
    [Range(1, 1_000)]
    public int Concurrency { get; set; } = 10;

    /// <summary>How long an endpoint may take to answer, from the look-up of its name to the end of what is read of the answer. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pauses between attempts, separated by spaces; the last one is repeated. Default: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h.</summary>
    [Required]
    public string RetryDelays { get; set; } = "00:00:05 00:05:00 00:30:00 02:00:00 05:00:00 10:00:00";

    /// <summary>How long one event is tried; after that it's given up, and can be replayed. Default: 3 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Horizon { get; set; } = TimeSpan.FromDays(3);

    /// <summary>An endpoint is paused when no attempt succeeded for so long; what comes meanwhile is kept. Default: 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan PauseAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>And when at least so many attempts failed meanwhile. Default: 10.</summary>
    [Range(1, 1_000_000)]
    public int PauseFailures { get; set; } = 10;

    /// <summary>Networks as CIDR that may be posted to although they aren't public, separated by spaces. Default: none.</summary>
    public string AllowedNetworks { get; set; } = "";

    internal IReadOnlyList<TimeSpan> Delays => [.. Words(RetryDelays).Select(static word => TimeSpan.Parse(word, CultureInfo.InvariantCulture))];

    internal IReadOnlyList<string> Networks => Words(AllowedNetworks);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var delays = Words(RetryDelays);
        foreach (var word in delays.Where(static word => !TimeSpan.TryParse(word, CultureInfo.InvariantCulture, out var delay) || delay < TimeSpan.FromSeconds(1)))
        {
            yield return new ValidationResult($"{word} is no pause of a second or more, such as 00:05:00.", [nameof(RetryDelays)]);
        }

        if (delays.Length == 0)
        {
            yield return new ValidationResult("There must be one pause at least.", [nameof(RetryDelays)]);
        }

        foreach (var word in Networks.Where(static word => !IPNetwork.TryParse(word, out _)))
        {
            yield return new ValidationResult($"{word} is no network such as 10.1.0.0/16.", [nameof(AllowedNetworks)]);
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
