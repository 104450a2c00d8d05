using System.ComponentModel.DataAnnotations;
using MailPace.Contracts;

namespace MailPace.Mail.Retries;

/// <summary>When deferred recipients are tried again.</summary>
public sealed class RetryOptions : IValidatableObject
{
    public const string SectionName = "Retry";

    /// <summary>RFC 5321 §4.5.4.1 asks for 4 to 5 days in general; transactional email is of no use that late, and the API promises 48 hours and more.</summary>
    public static readonly TimeSpan MinHorizon = TimeSpan.FromHours(48);

    /// <summary>Greylisting lets through who comes back after 1 to 15 minutes, most often 5.</summary>
    private static readonly TimeSpan[] GreylistedGaps = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)];

    private static readonly TimeSpan[] DefaultGaps =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
    ];

    /// <summary>
    /// Gap after the first attempt, the second, …; the last one repeats until the horizon.
    /// Default (an empty list, since configuration adds to a list): 1 min, 5 min, 15 min, 30 min, 1 h, 2 h, 4 h.
    /// </summary>
    public TimeSpan[] Gaps { get; set; } = [];

    /// <summary>
    /// Gaps after the first attempts where the reply had this reason, such as <c>Rate</c> or <c>MailboxFull</c>; <c>Gaps</c> go on after them, by the number of the
    /// attempt. Default: 1 min, 5 min, 10 min for <c>Greylisted</c>.
    /// </summary>
    public Dictionary<FaultReason, TimeSpan[]> Classes { get; set; } = [];

    /// <summary>How long after acceptance an email is tried; default 72 hours, at least 48.</summary>
    public TimeSpan Horizon { get; set; } = TimeSpan.FromHours(72);

    /// <summary>Each gap varies at random by this share up and down, so that deferred mail doesn't come back at once; default 0.1.</summary>
    [Range(0, 0.5)]
    public double Jitter { get; set; } = 0.1;

    internal IReadOnlyList<TimeSpan> EffectiveGaps => Gaps.Length > 0 ? Gaps : DefaultGaps;

    internal IReadOnlyList<TimeSpan> GapsOf(FaultReason reason)
        => Classes.TryGetValue(reason, out var own) ? own : reason == FaultReason.Greylisted ? GreylistedGaps : [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var gaps = EffectiveGaps;
        if (gaps.Any(IsUnfit))
        {
            yield return new ValidationResult("Retry:Gaps are between 1 second and 12 hours.", [nameof(Gaps)]);
        }

        foreach (var (reason, _) in Classes.Where(each => each.Value.Any(IsUnfit)))
        {
            yield return new ValidationResult($"Retry:Classes:{reason}: gaps are between 1 second and 12 hours.", [nameof(Classes)]);
        }

        // The last attempt falls at most one gap before the horizon, and it has to be 48 hours after acceptance.
        if (Horizon < MinHorizon + (gaps[^1] * (1 + Jitter)))
        {
            yield return new ValidationResult("Retry:Horizon is at least 48 hours and one last gap.", [nameof(Horizon)]);
        }
    }

    private static bool IsUnfit(TimeSpan gap) => gap < TimeSpan.FromSeconds(1) || gap > TimeSpan.FromHours(12);
}
