using System.Text.Json;
using MailPace.Mail.Addresses;
using MailPace.Mail.Submission;

namespace MailPace.Send.Requests;

/// <summary>
/// Tags: a string, an array of strings, or the string that Rails makes of an array, <c>"['a', 'b']"</c>.
/// </summary>
internal static class TagsReader
{
    private const string Field = "tags";
    private const int MaxTags = 100;
    private const int MaxTag = 255;

    public static Refusal? Read(ref Utf8JsonReader reader, SendRequest request)
    {
        var tags = new List<string>();
        if (!TryCollect(ref reader, tags))
        {
            return Refusal.FieldInvalid(Field);
        }

        if (tags.Count > MaxTags || tags.Any(static tag => tag.Length > MaxTag || !DisplayText.IsClean(tag)))
        {
            return Refusal.FieldInvalid(Field);
        }

        request.Tags = tags;
        return null;
    }

    private static bool TryCollect(ref Utf8JsonReader reader, List<string> tags)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            if (JsonFields.TryReadText(ref reader, out var text))
            {
                AddText(tags, text);
                return true;
            }

            reader.Skip();
            return false;
        }

        var areTexts = true;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (!JsonFields.TryReadText(ref reader, out var tag))
            {
                reader.Skip();
                areTexts = false;
                continue;
            }

            Add(tags, tag);
        }

        return areTexts;
    }

    private static void AddText(List<string> tags, string? text)
    {
        var trimmed = text?.Trim();
        if (trimmed is not ['[', .. var list, ']'])
        {
            Add(tags, trimmed);
            return;
        }

        // The quotes are of one kind or the other; Ruby's inspect escapes a quote inside with a backslash.
        var rest = list.AsSpan();
        while (!rest.IsEmpty)
        {
            rest = rest.TrimStart(" ,");
            if (rest.IsEmpty)
            {
                return;
            }

            var end = rest[0] is '\'' or '"' ? EndOfQuoted(rest) : rest.IndexOf(',');
            var item = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            Add(tags, Unquote(item.Trim()));
        }
    }

    /// <summary>Index after the closing quote; -1 when there is none.</summary>
    private static int EndOfQuoted(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == text[0])
            {
                return i + 1;
            }
        }

        return -1;
    }

    private static string Unquote(ReadOnlySpan<char> item)
    {
        var isQuoted = item.Length >= 2 && item[0] is '\'' or '"' && item[^1] == item[0];
        return isQuoted
            ? item[1..^1].ToString().Replace($"\\{item[0]}", $"{item[0]}", StringComparison.Ordinal)
            : item.ToString();
    }

    private static void Add(List<string> tags, string? tag)
    {
        if (!string.IsNullOrWhiteSpace(tag) && tags.Count <= MaxTags)
        {
            tags.Add(tag.Trim());
        }
    }
}
