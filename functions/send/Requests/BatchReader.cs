using System.Text.Json;

namespace MailPace.Send.Requests;

/// <summary>Finds where each element of a JSON array stands; what the elements are is for whoever reads them.</summary>
internal static class BatchReader
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <returns>The elements' ranges; null when it's no JSON array.</returns>
    public static List<Range>? Read(ReadOnlySpan<byte> json)
    {
        var start = json.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        try
        {
            var reader = new Utf8JsonReader(json[start..]);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray)
            {
                return null;
            }

            List<Range> elements = [];
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                var from = start + (int)reader.TokenStartIndex;
                reader.Skip();
                elements.Add(from..(start + (int)reader.BytesConsumed));
            }

            // Nothing but white space may follow; the reader throws otherwise.
            reader.Read();
            return elements;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
