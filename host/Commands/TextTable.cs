namespace MailPace.Host.Commands;

/// <summary>Rows as aligned text. What came from outside loses its control characters: a terminal obeys them.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [headings];

    public void Add(params string?[] cells) => rows.Add([.. cells.Select(c => Printable(c ?? ""))]);

    public async Task WriteAsync(TextWriter output)
    {
        var widths = Enumerable.Range(0, headings.Length).Select(column => rows.Max(r => r[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await output.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    public static string Printable(string text)
        => text.Any(IsUnprintable) ? string.Concat(text.Select(c => IsUnprintable(c) ? '\uFFFD' : c)) : text;

    /// <summary>Controls, and what turns the direction of writing around.</summary>
    private static bool IsUnprintable(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
