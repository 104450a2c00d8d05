using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MailPace.Mail.Submission;

namespace MailPace.Send.Requests;

/// <summary>Reads single JSON values of a request.</summary>
internal static class JsonFields
{
    /// <summary>A string, or null where it's absent: <c>null</c>, <c>""</c> or <c>[]</c>; false where it's another type or no text.</summary>
    public static bool TryReadText(ref Utf8JsonReader reader, out string? value)
    {
        value = null;
        if (reader.TokenType is JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType is JsonTokenType.StartArray)
        {
            return TryReadEmptyArray(ref reader);
        }

        if (reader.TokenType is not JsonTokenType.String)
        {
            return false;
        }

        try
        {
            value = reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Bytes that aren't UTF-8, or half of an escaped surrogate pair.
            return false;
        }

        value = value is { Length: 0 } ? null : value;
        return true;
    }

    /// <summary>The same, with the refusal of the field.</summary>
    public static bool TryReadText(ref Utf8JsonReader reader, string field, out string? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var isText = TryReadText(ref reader, out value);
        refusal = isText ? null : Refusal.FieldInvalid(field);
        return isText;
    }

    /// <summary>Moves to the end of the array only when that comes next.</summary>
    private static bool TryReadEmptyArray(ref Utf8JsonReader reader)
    {
        var ahead = reader;
        if (!ahead.Read() || ahead.TokenType is not JsonTokenType.EndArray)
        {
            return false;
        }

        reader = ahead;
        return true;
    }
}
