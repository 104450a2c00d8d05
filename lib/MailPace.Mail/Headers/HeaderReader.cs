namespace MailPace.Mail.Headers;

/// <summary>
/// Walks the header of a message (CRLF lines) without allocating. Stops at the empty line, at the end, or at a line that is no header
/// field (<see cref="IsMalformed"/>): a message whose header can be read in two ways is not to be trusted with a From.
/// </summary>
public ref struct HeaderReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>Offset of the body: behind the empty line. Set when <see cref="TryRead"/> has returned false.</summary>
    public int BodyOffset { get; private set; }

    /// <summary>A line that is neither field nor folding, a space before a colon or before the first field.</summary>
    public bool IsMalformed { get; private set; }

    public bool TryRead(out HeaderField field)
    {
        field = default;
        var rest = _message[_position..];
        if (rest.IsEmpty || rest.StartsWith("\r\n"u8))
        {
            BodyOffset = rest.IsEmpty ? _position : _position + 2;
            return false;
        }

        var end = EndOfField(rest);
        var colon = rest[..end].IndexOf((byte)':');
        if (colon <= 0 || rest[..colon].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            IsMalformed = true;
            BodyOffset = _position;
            return false;
        }

        field = new HeaderField(_position, colon, _position + colon + 1, _position + end);
        _position += end;
        return true;
    }

    /// <summary>A field ends at the first CRLF that no space or tab follows.</summary>
    private static int EndOfField(ReadOnlySpan<byte> rest)
    {
        var at = 0;
        while (true)
        {
            var line = rest[at..].IndexOf("\r\n"u8);
            if (line < 0)
            {
                return rest.Length;
            }

            at += line + 2;
            if (at == rest.Length || rest[at] is not ((byte)' ' or (byte)'\t'))
            {
                return at;
            }
        }
    }
}
