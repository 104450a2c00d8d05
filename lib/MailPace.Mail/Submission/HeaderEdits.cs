using System.Text;

namespace MailPace.Mail.Submission;

/// <summary>Changes to a header, applied in one copy; without any, the message stays the same memory.</summary>
internal sealed class HeaderEdits
{
    private readonly List<(int Start, int End, byte[] Replacement)> cuts = [];
    private readonly StringBuilder added = new();

    /// <summary>Takes a field out.</summary>
    public void Remove(Range field) => cuts.Add((field.Start.Value, field.End.Value, []));

    /// <summary>Puts a field in front of the message.</summary>
    public void Add(string name, string value) => added.Append(name).Append(": ").Append(value).Append("\r\n");

    /// <summary>Gives a field another name, its value unchanged; with an empty name takes it out.</summary>
    public void MoveUnsubscribe(Range field, int nameLength, byte[] name)
    {
        if (name.Length == 0)
        {
            Remove(field);
            return;
        }

        cuts.Add((field.Start.Value, field.Start.Value + nameLength, name));
    }

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> raw)
    {
        if (cuts.Count == 0 && added.Length == 0)
        {
            return raw;
        }

        cuts.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var front = Encoding.ASCII.GetBytes(added.ToString());
        var result = new byte[front.Length + raw.Length + cuts.Sum(cut => cut.Replacement.Length - (cut.End - cut.Start))];
        front.CopyTo(result, 0);
        var written = front.Length;
        var read = 0;
        foreach (var (start, end, replacement) in cuts)
        {
            raw.Span[read..start].CopyTo(result.AsSpan(written));
            written += start - read;
            replacement.CopyTo(result, written);
            written += replacement.Length;
            read = end;
        }

        raw.Span[read..].CopyTo(result.AsSpan(written));
        return result;
    }
}
