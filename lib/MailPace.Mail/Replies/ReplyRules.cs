using System.Globalization;
using MailPace.Contracts;

namespace MailPace.Mail.Replies;

/// <summary>
/// Reads rules: a line that begins with a reason starts a rule and may add conditions (<c>code=</c>, <c>enhanced=</c>,
/// <c>stage=</c>, alternatives by comma) and the mark <c>certain</c>; the indented lines that follow are its phrases. <c>#</c> begins a comment line.
/// </summary>
internal static class ReplyRules
{
    public static IReadOnlyList<ReplyRule> Read(TextReader text)
    {
        var rules = new List<ReplyRule>();
        string? head = null;
        var phrases = new List<string>();
        while (text.ReadLine() is { } line)
        {
            if (line.AsSpan().Trim() is [] or ['#', ..])
            {
                continue;
            }

            if (char.IsWhiteSpace(line[0]))
            {
                phrases.Add(PhraseOf(line.Trim()));
                continue;
            }

            Add();
            head = line;
        }

        Add();
        return rules;

        void Add()
        {
            if (head is not null)
            {
                rules.Add(RuleOf(head, phrases));
            }

            phrases.Clear();
        }
    }

    public static IReadOnlyList<ReplyRule> ReadEmbedded()
    {
        using var stream = typeof(ReplyRules).Assembly.GetManifestResourceStream("replies.rules")
            ?? throw new InvalidOperationException("The rules of replies are missing in the assembly.");
        using var reader = new StreamReader(stream);
        return Read(reader);
    }

    /// <summary>Quotes keep spaces at the ends: a phrase that must be a word of its own.</summary>
    private static string PhraseOf(string text)
    {
        var phrase = text is ['"', .. var inner, '"'] ? inner : text;
        return phrase.StartsWith('*') || phrase.EndsWith('*') || phrase.AsSpan().ContainsAnyInRange('A', 'Z')
            ? throw new FormatException($"A phrase is in lower case and doesn't begin or end with *: {text}")
            : phrase;
    }

    private static ReplyRule RuleOf(string head, List<string> phrases)
    {
        var words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var rule = (Codes: Array.Empty<int>(), Enhanced: Array.Empty<EnhancedPattern>(), Stages: Array.Empty<ReplyStage>(), IsCertain: false);
        foreach (var condition in words.AsSpan(1))
        {
            var parts = condition.Split('=', 2);
            var values = parts[^1].Split(',');
            rule = parts[0] switch
            {
                "code" => rule with { Codes = [.. values.Select(value => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture))] },
                "enhanced" => rule with { Enhanced = [.. values.Select(EnhancedPattern.Parse)] },
                "stage" => rule with { Stages = [.. values.Select(value => Enum.Parse<ReplyStage>(value, ignoreCase: true))] },
                "certain" when parts.Length == 1 => rule with { IsCertain = true },
                _ => throw new FormatException($"A rule has no condition {condition}."),
            };
        }

        return new ReplyRule(Enum.Parse<FaultReason>(words[0]), rule.Codes, rule.Enhanced, rule.Stages, phrases) { IsCertain = rule.IsCertain };
    }
}
