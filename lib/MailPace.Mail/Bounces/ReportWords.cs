using MailPace.Mail.Replies;

namespace MailPace.Mail.Bounces;

/// <summary>A report's own words, read once however many recipients it names.</summary>
internal sealed class ReportWords
{
    private readonly Lazy<IReadOnlyList<(string Address, string Words)>> _entries;
    private readonly Lazy<ReplyStage> _stage;
    private readonly Lazy<string[]> _transcript;

    public ReportWords(string text)
    {
        Text = text;
        _entries = new(() => WordedReport.Read(text));
        _stage = new(() => ReplyStages.In(text));
        _transcript = new(() => [.. Lines.Of(text).Select(line => line.Trim())
            .Where(line => line.StartsWith(">>> ", StringComparison.Ordinal) || line.StartsWith("<<< ", StringComparison.Ordinal)).Take(2000)]);
    }

    public string Text { get; }

    /// <summary>What it says about each address.</summary>
    public IReadOnlyList<(string Address, string Words)> Entries => _entries.Value;

    /// <summary>What was answered, as its phrases say.</summary>
    public ReplyStage Stage => _stage.Value;

    /// <summary>The lines that show the conversation.</summary>
    public IReadOnlyList<string> Transcript => _transcript.Value;

    /// <summary>What it says about one address; empty when it speaks of others only.</summary>
    public string About(string address)
    {
        var own = Entries.FirstOrDefault(entry => entry.Address.Equals(address, StringComparison.OrdinalIgnoreCase)).Words;
        if (own is { Length: > 0 })
        {
            return own;
        }

        return Bounces.Transcript.RefusalsOf(Transcript, address) ?? (Entries.Count == 0 || own is not null ? Text : "");
    }
}
