using System.CommandLine;
using System.Globalization;
using MailPace.Mail.Addresses;

namespace MailPace.Host.Commands;

/// <summary>Arguments that several commands take, and how their texts are read.</summary>
internal static class CommandArguments
{
    public static Argument<string> Domain() => new("domain") { Description = "Name or id of the domain" };

    public static Argument<string> Organisation() => new("organisation") { Description = "Name or id of the organisation" };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    /// <summary>A-label in lower case.</summary>
    public static string DomainName(string text)
        => Mail.Addresses.DomainName.TryParse(text, out var name) ? name : throw new CommandFailure($"{text} is not a domain name.");

    public static string Address(string text)
        => EmailAddress.TryParse(text, out var address) ? address.Address : throw new CommandFailure($"{text} is not an email address.");

    /// <summary>A time as ISO 8601 (UTC unless it says otherwise), or how long ago: <c>30m</c>, <c>12h</c>, <c>7d</c>.</summary>
    public static DateTimeOffset Moment(string text, DateTimeOffset now)
    {
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            switch (text[^1])
            {
                case 'm': return now - TimeSpan.FromMinutes(number);
                case 'h': return now - TimeSpan.FromHours(number);
                case 'd': return now - TimeSpan.FromDays(number);
                default: break;
            }
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            ? moment
            : throw new CommandFailure($"{text} is neither a time such as 2026-01-31T12:00 nor a span such as 12h.");
    }
}
