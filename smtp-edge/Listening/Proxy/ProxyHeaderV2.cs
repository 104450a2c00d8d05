using System.Buffers.Binary;
using System.Net;

namespace MailPace.SmtpEdge.Listening.Proxy;

/// <summary>§2.2: a signature, four octets that say what follows, addresses, and fields of type, length and value that we don't read.</summary>
internal static class ProxyHeaderV2
{
    /// <summary>The longest header that is taken; the longest there is would have 64 KiB.</summary>
    private const int MaxLength = 4096;

    private const int FixedLength = 16;
    private const int Local = 0x20;
    private const int Proxy = 0x21;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    public static ProxyHeader Parse(ReadOnlySpan<byte> input)
    {
        var known = Math.Min(input.Length, Signature.Length);
        if (!Signature.StartsWith(input[..known]))
        {
            return new ProxyHeader(ProxyHeaderStatus.Malformed);
        }

        if (input.Length < FixedLength)
        {
            return new ProxyHeader(ProxyHeaderStatus.Incomplete);
        }

        var command = input[12];
        var length = FixedLength + BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (command is not (Local or Proxy))
        {
            return new ProxyHeader(ProxyHeaderStatus.Malformed);
        }

        if (length > MaxLength)
        {
            return new ProxyHeader(ProxyHeaderStatus.TooLong);
        }

        return command == Local ? new ProxyHeader(ProxyHeaderStatus.Complete, length) : WithAddresses(input, length);
    }

    /// <summary>Of the families only TCP can be what leads to SMTP; one without an address tells as much as LOCAL.</summary>
    private static ProxyHeader WithAddresses(ReadOnlySpan<byte> input, int length) => input[13] switch
    {
        0x00 => new ProxyHeader(ProxyHeaderStatus.Complete, length),
        0x11 => With(input, length, addressLength: 4),
        0x21 => With(input, length, addressLength: 16),
        0x31 when length >= FixedLength + (2 * 108) => new ProxyHeader(ProxyHeaderStatus.Complete, length), // a UNIX socket
        _ => new ProxyHeader(ProxyHeaderStatus.Malformed),
    };

    private static ProxyHeader With(ReadOnlySpan<byte> input, int length, int addressLength)
    {
        var read = FixedLength + (2 * addressLength) + 4;
        if (length < read)
        {
            return new ProxyHeader(ProxyHeaderStatus.Malformed);
        }

        if (input.Length < read)
        {
            return new ProxyHeader(ProxyHeaderStatus.Incomplete);
        }

        var address = new IPAddress(input.Slice(FixedLength, addressLength));
        var port = BinaryPrimitives.ReadUInt16BigEndian(input[(FixedLength + (2 * addressLength))..]);
        return new ProxyHeader(ProxyHeaderStatus.Complete, length, new IPEndPoint(address, port));
    }
}
