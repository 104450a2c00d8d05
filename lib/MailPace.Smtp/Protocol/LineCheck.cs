using System.Buffers;

namespace MailPace.Smtp.Protocol;

/// <summary>
/// Watches a message, in pieces, for what must never leave: bare CR, bare LF (RFC 5321 §2.3.8; they are what SMTP smuggling is
/// made of) and NUL.
/// </summary>
internal struct LineCheck
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\r\n\0"u8);
    private bool _afterCr;

    /// <summary>Says whether <paramref name="piece"/> may follow what was seen before.</summary>
    public bool IsFit(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
        {
            return true;
        }

        if (_afterCr)
        {
            if (piece[0] != '\n')
            {
                return false;
            }

            _afterCr = false;
            piece = piece[1..];
        }

        int at;
        while ((at = piece.IndexOfAny(Special)) >= 0)
        {
            if (piece[at] != '\r')
            {
                return false;
            }

            if (at + 1 == piece.Length)
            {
                _afterCr = true;
                return true;
            }

            if (piece[at + 1] != '\n')
            {
                return false;
            }

            piece = piece[(at + 2)..];
        }

        return true;
    }

    /// <summary>Says whether the message may end here.</summary>
    public readonly bool IsFitToEnd => !_afterCr;
}
