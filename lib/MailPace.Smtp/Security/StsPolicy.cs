using System.Globalization;

namespace MailPace.Smtp.Security;

/// <summary>An MTA-STS policy (RFC 8461 §3.2).</summary>
public sealed record StsPolicy
{
    /// <summary>A year, the most that the standard allows.</summary>
    private const int MaxMaxAge = 31_557_600;
    private const int MaxPatterns = 100;

    public required StsMode Mode { get; init; }

    /// <summary>Host names, or <c>*.</c> and a name for all hosts one label below it.</summary>
    public required IReadOnlyList<string> MxPatterns { get; init; }

    public required TimeSpan MaxAge { get; init; }

    /// <summary>Its lines as published.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <returns>Null if it isn't one. What isn't known in it is passed over; of a repeated field the first one counts.</returns>
    public static StsPolicy? Parse(string text)
    {
        string[] lines = [.. text.Split('\n').Select(line => line.Trim(' ', '\t', '\r')).Where(line => line.Length > 0)];
        List<string> patterns = [];
        string? version = null, mode = null, maxAge = null;
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                return null;
            }

            var value = line[(colon + 1)..].Trim(' ', '\t');
            switch (line[..colon].TrimEnd(' ', '\t'))
            {
                case "version": version ??= value; break;
                case "mode": mode ??= value; break;
                case "max_age": maxAge ??= value; break;
                case "mx": patterns.Add(value.TrimEnd('.').ToLowerInvariant()); break;
            }
        }

        StsMode? parsedMode = mode switch { "enforce" => StsMode.Enforce, "testing" => StsMode.Testing, "none" => StsMode.None, _ => null };
        if (version != "STSv1" || parsedMode is not { } known || (patterns.Count == 0 && known != StsMode.None) || patterns.Count > MaxPatterns
            || !int.TryParse(maxAge, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return null;
        }

        return new StsPolicy { Mode = known, MxPatterns = patterns, MaxAge = TimeSpan.FromSeconds(Math.Min(seconds, MaxMaxAge)), Lines = lines };
    }

    /// <summary>A wildcard stands for one label (§4.1).</summary>
    public bool Allows(string host) => MxPatterns.Any(pattern =>
        pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && host.AsSpan(dot).Equals(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase)
            : host.Equals(pattern, StringComparison.OrdinalIgnoreCase));
}
