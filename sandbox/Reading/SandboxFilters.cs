using System.Globalization;
using MailPace.Storage.Sandbox;

namespace MailPace.Sandbox.Reading;

/// <summary>The filters of the JSON API. A value that can't be meant is a fault: a filter that is ignored would find what a test does not look for.</summary>
internal sealed record SandboxFilters(SandboxQuery Query, TimeSpan Patience)
{
    private const int MaximumLimit = 1000;
    private const double LongestWait = 60;

    /// <summary>ISO 8601, to the day, minute or second; without an offset it is UTC.</summary>
    private static readonly string[] Moments = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <returns>The filters, or what is wrong with each.</returns>
    public static (SandboxFilters? Filters, IReadOnlyList<string> Faults) Read(string? to, string? subject, string? since, string? limit, string? wait)
    {
        var faults = new List<string>();
        var query = new SandboxQuery { To = NullIfEmpty(to), Subject = NullIfEmpty(subject) };
        if (NullIfEmpty(since) is { } sinceText)
        {
            // A plus sign that wasn't encoded arrives as a space.
            if (DateTimeOffset.TryParseExact(
                sinceText.Replace(' ', '+'), Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
            {
                query = query with { Since = moment };
            }
            else
            {
                faults.Add($"since: '{sinceText}' is no ISO 8601 time such as 2026-01-31T08:30:00Z");
            }
        }

        if (NullIfEmpty(limit) is { } limitText)
        {
            if (int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MaximumLimit)
            {
                query = query with { Limit = count };
            }
            else
            {
                faults.Add($"limit: '{limitText}' is no whole number from 1 to {MaximumLimit}");
            }
        }

        var seconds = 0.0;
        if (NullIfEmpty(wait) is { } waitText
            && !(double.TryParse(waitText, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) && seconds is >= 0 and <= LongestWait))
        {
            faults.Add($"wait: '{waitText}' is no number of seconds from 0 to {LongestWait}");
        }

        return faults.Count > 0 ? (null, faults) : (new SandboxFilters(query, TimeSpan.FromSeconds(seconds)), faults);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
