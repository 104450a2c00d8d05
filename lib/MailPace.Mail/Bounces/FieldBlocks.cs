namespace MailPace.Mail.Bounces;

/// <summary>Blocks of header-like fields, as delivery status and feedback parts hold them (RFC 3464 §2.1, RFC 5965 §3), read leniently.</summary>
internal static class FieldBlocks
{
    private const int MaxBlocks = 1000;
    private const int MaxValue = 4000;

    /// <summary>Lines that are no field are dropped; a folded line belongs to the field before it.</summary>
    public static IEnumerable<List<KeyValuePair<string, string>>> Read(string text)
    {
        var block = new List<KeyValuePair<string, string>>();
        var blocks = 0;
        foreach (var line in Lines.Of(text))
        {
            if (line.AsSpan().Trim().IsEmpty)
            {
                if (block.Count > 0)
                {
                    yield return block;
                    if (++blocks == MaxBlocks)
                    {
                        yield break;
                    }

                    block = [];
                }

                continue;
            }

            if (line[0] is ' ' or '\t' && block.Count > 0)
            {
                var (name, value) = block[^1];
                if (value.Length < MaxValue)
                {
                    block[^1] = new(name, $"{value} {line.Trim()}");
                }

                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim() is { Length: > 0 and < 60 } field && field.IndexOf(' ') < 0)
            {
                block.Add(new(field.ToString(), line[(colon + 1)..].Trim()));
            }
        }

        if (block.Count > 0)
        {
            yield return block;
        }
    }

    public static string? Find(List<KeyValuePair<string, string>> block, string name)
    {
        foreach (var (field, value) in block)
        {
            if (field.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}
