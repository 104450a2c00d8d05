namespace MailPace.Mail.Headers;

/// <summary>A raw header field within a message.</summary>
/// <param name="Start">Offset of its first octet.</param>
/// <param name="NameLength">Octets before the colon, without trailing white space.</param>
/// <param name="ValueStart">Offset behind the colon.</param>
/// <param name="End">Offset behind its last CRLF.</param>
public readonly record struct HeaderField(int Start, int NameLength, int ValueStart, int End)
{
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> message) => message.Slice(Start, NameLength);

    /// <summary>With folding, without the final CRLF.</summary>
    public ReadOnlySpan<byte> RawValue(ReadOnlySpan<byte> message)
    {
        var value = message[ValueStart..End];
        return value.EndsWith("\r\n"u8) ? value[..^2] : value;
    }

    /// <summary>The whole field, last CRLF included.</summary>
    public Range Range => Start..End;

    /// <summary>Compares names without case (RFC 5322 §1.2.2).</summary>
    public bool Is(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(Name(message), name);
}
