using System.Text.Json;

namespace MailPace.Mail.Tests.Bounces;

/// <summary>One mail of <c>sisimai/maildir</c> with what two independent implementations read in it.</summary>
internal sealed record LabelledReport(string File, IReadOnlyList<LabelledReport.Recipient> Recipients)
{
    public string Path => TestData.Path($"sisimai/maildir/{File}");

    /// <summary>Where both agree.</summary>
    public static IReadOnlyList<LabelledReport> ReadAll()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(TestData.Path("sisimai/expected.json")));
        return [.. document.RootElement.EnumerateObject()
            .Where(mail => mail.Value.TryGetProperty("both_agree", out var agree) && agree.GetBoolean())
            .Select(mail => new LabelledReport(mail.Name, [.. mail.Value.GetProperty("p5_sisimai_5_1_0p3").EnumerateArray().Select(entry => new Recipient(
                entry.GetProperty("recipient").GetString()!,
                entry.GetProperty("status").GetString()!,
                entry.GetProperty("reason").GetString()!,
                entry.GetProperty("hardbounce").GetString() == "1"))]))];
    }

    internal sealed record Recipient(string Address, string Status, string Reason, bool IsHard)
    {
        public bool IsComplaint => Reason == "feedback";

        /// <summary>x.0.9xx is what that implementation makes up for want of a code.</summary>
        public bool IsStatusKnown => Status.Length > 0 && !Status.AsSpan(1).StartsWith(".0.9", StringComparison.Ordinal);
    }
}
