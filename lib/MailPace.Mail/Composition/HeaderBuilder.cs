using System.Buffers;
using System.Text;
using MailPace.Mail.Addresses;

namespace MailPace.Mail.Composition;

/// <summary>Writes header fields, folded (RFC 5322 §2.2.3).</summary>
internal sealed class HeaderBuilder
{
    /// <summary>Longest piece without a place to fold that still leaves the line below 998 octets.</summary>
    public const int MaxPiece = 900;

    /// <summary>RFC 5322 §2.1.1: lines should have at most 78 octets.</summary>
    private const int PreferredLine = 78;

    private readonly StringBuilder text = new(1024);

    /// <summary>A field for people: cleaned and, where it isn't plain ASCII, encoded.</summary>
    public void AddText(string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        var clean = DisplayText.Clean(value);
        if (clean.Length > 0)
        {
            AddStructured(name, EncodedWords.IsNeeded(clean) ? EncodedWords.Encode(clean, name.Length + 2) : clean);
        }
    }

    public void AddMailboxes(string name, IReadOnlyList<Mailbox> mailboxes)
    {
        if (mailboxes.Count > 0)
        {
            AddStructured(name, string.Join(", ", mailboxes.Select(Phrase.Of)));
        }
    }

    /// <summary>A field whose value follows its grammar already. It's folded at single spaces; encoded words bring their own folding.</summary>
    public void AddStructured(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        text.Append(name).Append(':');
        var column = name.Length + 1;
        foreach (var range in value.AsSpan().Split(' '))
        {
            var piece = value.AsSpan(range);
            if (column + 1 + piece.Length > PreferredLine && column > name.Length + 1 && !piece.IsEmpty)
            {
                text.Append("\r\n");
                column = 0;
            }

            text.Append(' ').Append(piece);
            column += 1 + piece.Length;
        }

        text.Append("\r\n");
    }

    public void WriteTo(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(text.ToString(), output);
}
