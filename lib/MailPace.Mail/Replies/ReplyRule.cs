using System.Buffers;
using MailPace.Contracts;

namespace MailPace.Mail.Replies;

/// <summary>
/// One rule: conditions on code, enhanced status code and stage, and phrases of which the text must hold one. A rule without
/// phrases is met by its conditions alone.
/// </summary>
internal sealed class ReplyRule
{
    /// <summary>Between the pieces of a phrase stand names and addresses, not stories.</summary>
    private const int MaxGap = 160;

    private readonly int[] _codes;
    private readonly EnhancedPattern[] _enhanced;
    private readonly ReplyStage[] _stages;
    private readonly SearchValues<string>? _words;
    private readonly string[][] _patterns;

    /// <param name="reason">What it means when it's met.</param>
    /// <param name="codes">Such as 550, 5 for all that begin with it, 0 for none given; empty for any.</param>
    /// <param name="enhanced">Empty for any.</param>
    /// <param name="stages">Empty for any.</param>
    /// <param name="phrases">In the form of <see cref="ReplyText"/>; <c>*</c> stands for up to 160 characters.</param>
    public ReplyRule(FaultReason reason, int[] codes, EnhancedPattern[] enhanced, ReplyStage[] stages, IReadOnlyCollection<string> phrases)
    {
        Reason = reason;
        _codes = codes;
        _enhanced = enhanced;
        _stages = stages;
        string[] words = [.. phrases.Where(phrase => !phrase.Contains('*', StringComparison.Ordinal))];
        _words = words.Length > 0 ? SearchValues.Create(words, StringComparison.Ordinal) : null;
        _patterns = [.. phrases.Where(phrase => phrase.Contains('*', StringComparison.Ordinal)).Select(phrase => phrase.Split('*'))];
    }

    public FaultReason Reason { get; }

    /// <summary>Its text alone is evidence against the address, whatever was answered.</summary>
    public bool IsCertain { get; init; }

    /// <param name="code">0 for none.</param>
    /// <param name="enhanced">Null for none that says anything.</param>
    /// <param name="stage">What was answered.</param>
    /// <param name="text">As <see cref="ReplyText"/> makes it.</param>
    public bool IsMet(int code, EnhancedStatusCode? enhanced, ReplyStage stage, ReadOnlySpan<char> text)
        => IsAnyCode(code) && IsAnyEnhanced(enhanced) && (_stages.Length == 0 || _stages.AsSpan().Contains(stage)) && IsText(text);

    private bool IsAnyCode(int code)
    {
        foreach (var pattern in _codes)
        {
            if (pattern is > 0 and < 10 ? code / 100 == pattern : code == pattern)
            {
                return true;
            }
        }

        return _codes.Length == 0;
    }

    private bool IsAnyEnhanced(EnhancedStatusCode? enhanced)
    {
        foreach (var pattern in _enhanced)
        {
            if (pattern.IsMet(enhanced))
            {
                return true;
            }
        }

        return _enhanced.Length == 0;
    }

    private bool IsText(ReadOnlySpan<char> text)
    {
        if (_words is null && _patterns.Length == 0)
        {
            return true;
        }

        if (_words is not null && text.ContainsAny(_words))
        {
            return true;
        }

        foreach (var pieces in _patterns)
        {
            if (Holds(text, pieces))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the last place of the first piece that leaves the next one near enough: linear in the text for each piece.</summary>
    private static bool Holds(ReadOnlySpan<char> text, string[] pieces)
    {
        var at = text.IndexOf(pieces[0], StringComparison.Ordinal);
        while (at >= 0)
        {
            var rest = text[(at + pieces[0].Length)..];
            if (Follow(rest, pieces))
            {
                return true;
            }

            var next = text[(at + 1)..].IndexOf(pieces[0], StringComparison.Ordinal);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static bool Follow(ReadOnlySpan<char> rest, string[] pieces)
    {
        for (var piece = 1; piece < pieces.Length; piece++)
        {
            var window = rest[..Math.Min(rest.Length, MaxGap + pieces[piece].Length)];
            var at = window.IndexOf(pieces[piece], StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + pieces[piece].Length)..];
        }

        return true;
    }
}
