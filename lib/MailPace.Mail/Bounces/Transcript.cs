using MailPace.Mail.Replies;

namespace MailPace.Mail.Bounces;

/// <summary>What a report shows of the conversation: <c>&gt;&gt;&gt; RCPT To:&lt;a@b&gt;</c>, <c>&lt;&lt;&lt; 550 …</c>.</summary>
internal static class Transcript
{
    /// <summary>The last command before the refusal that names the address, otherwise before the first one.</summary>
    public static ReplyStage StageOf(IReadOnlyList<string> lines, string address)
    {
        var stage = ReplyStage.Unknown;
        var first = ReplyStage.Unknown;
        var isNamed = false;
        foreach (var line in lines)
        {
            var text = line.AsSpan().Trim();
            if (text.StartsWith(">>> ", StringComparison.Ordinal))
            {
                stage = ReplyStages.OfCommand(text[4..].Trim().ToString());
                isNamed = text.Contains(address, StringComparison.OrdinalIgnoreCase);
            }
            else if (stage != ReplyStage.Unknown && text.StartsWith("<<< ", StringComparison.Ordinal) && text.Length > 4 && text[4] is '4' or '5')
            {
                if (isNamed || text.Contains(address, StringComparison.OrdinalIgnoreCase))
                {
                    return stage;
                }

                first = first == ReplyStage.Unknown ? stage : first;
            }
        }

        return first;
    }

    /// <summary>All refusals of one address, or all there are; null when there's none.</summary>
    public static string? RefusalsOf(IReadOnlyList<string> lines, string address)
    {
        var all = new List<string>();
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.StartsWith("<<< ", StringComparison.Ordinal) && text.Length > 4 && text[4] is '4' or '5')
            {
                all.Add(text[4..]);
            }
        }

        var own = all.Where(line => line.Contains(address, StringComparison.OrdinalIgnoreCase)).ToArray();
        return own.Length > 0 ? string.Join(' ', own) : all.Count > 0 ? string.Join(' ', all) : null;
    }
}
