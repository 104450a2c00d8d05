using System.Globalization;
using System.Text.RegularExpressions;
using MailPace.Contracts;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Tests.Replies;

/// <summary>The patterns of <c>kumomta/*.toml</c>, each turned into a text that it matches.</summary>
public sealed partial class CommunityRulesTests(ITestOutputHelper output)
{
    private static readonly HashSet<string> RecipientClasses = ["InvalidRecipient", "InactiveMailbox", "BadDomain"];

    [Theory]
    [InlineData("kumomta/bounces.toml", 0.9)]
    [InlineData("kumomta/iana.toml", 0.8)]
    public void Classify_TextOfPattern_HasTheOwnerOfItsClass(string file, double agreement)
    {
        var texts = TextsOf(file).ToArray();
        var agreed = 0;
        foreach (var (name, code, text) in texts)
        {
            var fault = ReplyClassifier.Classify(code, null, text, ReplyStage.Recipient);
            var agrees = OwnersOf(name).Contains(fault.Owner);
            agreed += agrees ? 1 : 0;
            output.WriteLine($"{(agrees ? "ok   " : "WRONG")} {name,-20} {fault.Reason,-16} {code} {text}");
            Assert.True(!fault.MaySuppress || RecipientClasses.Contains(name), $"{name}: {code} {text}");
        }

        Assert.True(agreed >= texts.Length * agreement, $"{agreed} of {texts.Length}");
    }

    private static FaultOwner[] OwnersOf(string name) => name switch
    {
        "InvalidRecipient" => [FaultOwner.Recipient],
        "InactiveMailbox" => [FaultOwner.Recipient],
        "QuotaIssues" => [FaultOwner.Recipient, FaultOwner.Policy, FaultOwner.Infrastructure],
        "BadDomain" or "NoAnswerFromHost" or "BadConnection" or "DNSFailure" or "MessageExpired" => [FaultOwner.Infrastructure, FaultOwner.Recipient],
        "RoutingErrors" or "TransientFailure" or "ProtocolErrors" => [FaultOwner.Infrastructure, FaultOwner.Policy, FaultOwner.Reputation],
        "AuthenticationFailed" or "PolicyRelated" or "InvalidSender" => [FaultOwner.Policy, FaultOwner.Reputation],
        "SpamBlock" or "SpamContent" => [FaultOwner.Policy, FaultOwner.Reputation],
        "TooManyRecipients" => [FaultOwner.Reputation, FaultOwner.Policy],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no class"),
    };

    private static IEnumerable<(string Class, int Code, string Text)> TextsOf(string file)
    {
        var name = "";
        foreach (var line in File.ReadLines(TestData.Path(file)))
        {
            if (ClassLine().Match(line) is { Success: true } head)
            {
                name = head.Groups[1].Value;
            }
            else if (PatternLine().Match(line) is { Success: true } pattern)
            {
                var text = SampleOf(pattern.Groups[1].Value);
                yield return int.TryParse(text.AsSpan(0, Math.Min(3, text.Length)), CultureInfo.InvariantCulture, out var code)
                    ? (name, code, text[3..].Trim())
                    : (name, 550, text);
            }
        }
    }

    private static string SampleOf(string pattern)
    {
        var text = pattern.Replace("\\\\", "\\", StringComparison.Ordinal).TrimStart('^').TrimEnd('$');
        text = text.Replace("\\d{2}", "50", StringComparison.Ordinal).Replace("\\d{3}", "550", StringComparison.Ordinal).Replace("\\d+", "0", StringComparison.Ordinal);
        text = Alternatives().Replace(text, match => match.Groups[1].Value.Split('|')[^1]);
        text = Sets().Replace(text, match => match.Groups[1].Value.Contains('5', StringComparison.Ordinal) && text.StartsWith('5') ? "5" : match.Groups[1].Value[..1]);
        return text.Replace(".+", " ", StringComparison.Ordinal).Replace(".*", " ", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(\w+) = \[")]
    private static partial Regex ClassLine();

    [GeneratedRegex("""^\s+"(.*)",""")]
    private static partial Regex PatternLine();

    [GeneratedRegex(@"\(([^()]*\|[^()]*)\)")]
    private static partial Regex Alternatives();

    [GeneratedRegex(@"\[([0-9]+)\]")]
    private static partial Regex Sets();
}
