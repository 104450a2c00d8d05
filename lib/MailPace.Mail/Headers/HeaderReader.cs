namespace MailPace.Mail.Headers;

/// <summary>
/// Walks the raw fields of a message's header, once, without allocating. It reads what RFC 5322 §2.2 calls a field and
/// nothing else: where readers are known to disagree it stops with a <see cref="Fault"/>, because the reader after us
/// decides by the other reading. A header that ends with the message, without the empty line, is a header-only message.
/// </summary>
public ref struct HeaderReader(ReadOnlySpan<byte> message)
{
    /// <summary>Octets of a whole header.</summary>
    public const int MaxHeader = 256 * 1024;

    /// <summary>Fields of a header.</summary>
    public const int MaxFields = 1000;

    /// <summary>Octets of a line without its line end (RFC 5322 §2.1.1).</summary>
    public const int MaxLine = 998;

    private readonly ReadOnlySpan<byte> message = message;
    private int position;
    private int fields;

    /// <summary>Why reading stopped early.</summary>
    public HeaderFault Fault { get; private set; }

    public readonly bool IsMalformed => Fault != HeaderFault.None;

    /// <summary>Where the body begins, once the fields are read: after the empty line, or at the message's end.</summary>
    public int BodyOffset { get; private set; }

    /// <summary>What is wrong with the header as a whole, as everyone who reads it later would find.</summary>
    public static HeaderFault FaultOf(ReadOnlySpan<byte> message)
    {
        var reader = new HeaderReader(message);
        while (reader.TryRead(out _))
        {
        }

        return reader.Fault;
    }

    /// <summary>Octets of the header, the empty line included; all octets where it is malformed.</summary>
    public static int LengthOf(ReadOnlySpan<byte> message)
    {
        var reader = new HeaderReader(message);
        while (reader.TryRead(out _))
        {
        }

        return reader.IsMalformed ? message.Length : reader.BodyOffset;
    }

    /// <summary>False at the end of the header and at a fault.</summary>
    public bool TryRead(out HeaderField field)
    {
        field = default;
        if (Fault != HeaderFault.None || BodyOffset != 0 || position == message.Length)
        {
            BodyOffset = BodyOffset == 0 ? message.Length : BodyOffset;
            return false;
        }

        var start = position;
        if (!TryReadLine(out var contentEnd))
        {
            return false;
        }

        if (contentEnd == start)
        {
            BodyOffset = position;
            return false;
        }

        var nameLength = NameLength(message[start..contentEnd]);
        if (nameLength < 0)
        {
            return false;
        }

        while (position < message.Length && message[position] is (byte)' ' or (byte)'\t')
        {
            if (!TryReadLine(out _))
            {
                return false;
            }
        }

        if (++fields > MaxFields || position > MaxHeader)
        {
            return Fail(HeaderFault.HeaderTooLong);
        }

        field = new HeaderField(start, nameLength, start + nameLength + 1, position);
        return true;
    }

    /// <summary>Moves past one line; <paramref name="contentEnd"/> is where its line end begins.</summary>
    private bool TryReadLine(out int contentEnd)
    {
        var rest = message[position..];
        var length = rest.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        contentEnd = length < 0 ? message.Length : position + length;
        if (contentEnd - position > MaxLine)
        {
            return Fail(HeaderFault.LineTooLong);
        }

        if (length < 0)
        {
            position = message.Length;
            return true;
        }

        switch (rest[length])
        {
            case 0:
                return Fail(HeaderFault.Nul);
            case (byte)'\n':
                return Fail(HeaderFault.BareLineFeed);
        }

        if (length + 1 == rest.Length || rest[length + 1] != (byte)'\n')
        {
            return Fail(HeaderFault.BareCarriageReturn);
        }

        position += length + 2;
        return true;
    }

    private int NameLength(ReadOnlySpan<byte> line)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            Fail(HeaderFault.LeadingWhiteSpace);
            return -1;
        }

        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            Fail(HeaderFault.MissingColon);
            return -1;
        }

        if (colon > 0 && line[colon - 1] is (byte)' ' or (byte)'\t')
        {
            Fail(HeaderFault.SpaceBeforeColon);
            return -1;
        }

        if (colon == 0 || line[..colon].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            Fail(HeaderFault.InvalidName);
            return -1;
        }

        return colon;
    }

    private bool Fail(HeaderFault fault)
    {
        Fault = fault;
        return false;
    }
}
