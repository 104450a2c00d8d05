using System.Globalization;
using MailPace.Storage.Sandbox;
using Microsoft.AspNetCore.Http;

namespace MailPace.Sandbox.Reading;

/// <summary>The filters of the JSON API. A value that can't be meant is a fault: a filter that is ignored would find what a test does not look for.</summary>
internal sealed record SandboxFilters(SandboxQuery Query, TimeSpan Patience)
{
    private const int MaximumLimit = 1000;
    private const double LongestWait = 60;

    /// <summary>ISO 8601, to the day, minute or second; without an offset it is UTC.</summary>
    private static readonly string[] Moments = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private static readonly string[] Known = ["to", "subject", "since", "limit", "wait"];

    /// <returns>The filters, or what is wrong with each.</returns>
    public static (SandboxFilters? Filters, IReadOnlyList<string> Faults) Read(IQueryCollection parameters)
    {
        var faults = parameters.Keys
            .Where(static name => !Known.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(static name => $"{name}: there is no such filter; known are {string.Join(", ", Known)}")
            .ToList();
        var query = new SandboxQuery { To = NullIfEmpty(parameters["to"]), Subject = NullIfEmpty(parameters["subject"]) };
        if (NullIfEmpty(parameters["since"]) is { } sinceText)
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

        if (NullIfEmpty(parameters["limit"]) is { } limitText)
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
        if (NullIfEmpty(parameters["wait"]) is { } waitText
            && !(double.TryParse(waitText, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) && seconds is >= 0 and <= LongestWait))
        {
            faults.Add($"wait: '{waitText}' is no number of seconds from 0 to {LongestWait}");
        }

        return faults.Count > 0 ? (null, faults) : (new SandboxFilters(query, TimeSpan.FromSeconds(seconds)), faults);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
