using System.Security.Cryptography;

namespace MailPace.Mail.Dkim;

/// <summary>
/// The relaxed body canonicalisation (RFC 6376 §3.4.4), hashed as it goes: runs of space and tab become one space, none before CRLF,
/// no empty lines at the end, CRLF at the end of what isn't empty. Takes the body in pieces of any size.
/// </summary>
internal sealed class RelaxedBody : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[4096];
    private int _buffered;
    private int _emptyLines;
    private bool _space;
    private bool _lineStarted;
    private bool _carriageReturn;

    public void Append(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            if (_carriageReturn)
            {
                _carriageReturn = false;
                if (piece[0] == (byte)'\n')
                {
                    EndLine();
                    piece = piece[1..];
                    continue;
                }

                Content("\r"u8); // a bare CR is content; nothing that leaves has one
            }

            var special = piece.IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
            if (special != 0)
            {
                Content(special < 0 ? piece : piece[..special]);
                piece = special < 0 ? [] : piece[special..];
                continue;
            }

            _carriageReturn = piece[0] == (byte)'\r';
            _space |= !_carriageReturn;
            piece = piece[1..];
        }
    }

    /// <summary>Base64 of the digest: the <c>bh=</c> tag.</summary>
    public string Finish()
    {
        if (_lineStarted || _space)
        {
            EndLine();
        }

        Flush();
        Span<byte> digest = stackalloc byte[32];
        _hash.GetHashAndReset(digest);
        return Convert.ToBase64String(digest);
    }

    public void Dispose() => _hash.Dispose();

    private void Content(ReadOnlySpan<byte> text)
    {
        for (; _emptyLines > 0; _emptyLines--)
        {
            Write("\r\n"u8);
        }

        if (_space)
        {
            Write(" "u8);
            _space = false;
        }

        _lineStarted = true;
        Write(text);
    }

    private void EndLine()
    {
        _space = false;
        if (!_lineStarted)
        {
            _emptyLines++;
            return;
        }

        _lineStarted = false;
        Write("\r\n"u8);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _buffered)
        {
            Flush();
            if (bytes.Length >= _buffer.Length)
            {
                _hash.AppendData(bytes);
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += bytes.Length;
    }

    private void Flush()
    {
        _hash.AppendData(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }
}
