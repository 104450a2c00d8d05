using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPace.SmtpEdge.Listening.Proxy;

/// <summary>§2.1: a line such as <c>PROXY TCP4 192.0.2.1 198.51.100.2 40000 25</c>. Strict, as the specification asks: one space, no leading zeros.</summary>
internal static class ProxyHeaderV1
{
    /// <summary>The longest line there is, CRLF included.</summary>
    private const int MaxLength = 107;

    private static ReadOnlySpan<byte> Name => "PROXY "u8;

    public static ProxyHeader Parse(ReadOnlySpan<byte> input)
    {
        var known = Math.Min(input.Length, Name.Length);
        if (!Name.StartsWith(input[..known]))
        {
            return new ProxyHeader(ProxyHeaderStatus.Malformed);
        }

        var line = input[..Math.Min(input.Length, MaxLength)];
        var end = line.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return new ProxyHeader(line.Length < MaxLength ? ProxyHeaderStatus.Incomplete : ProxyHeaderStatus.TooLong);
        }

        if (end < Name.Length)
        {
            return new ProxyHeader(ProxyHeaderStatus.Malformed);
        }

        var fields = Encoding.Latin1.GetString(line[Name.Length..end]).Split(' ');
        if (fields[0] == "UNKNOWN")
        {
            return new ProxyHeader(ProxyHeaderStatus.Complete, end + 2); // whatever else the line holds is to be ignored
        }

        return ClientOf(fields) is { } client
            ? new ProxyHeader(ProxyHeaderStatus.Complete, end + 2, client)
            : new ProxyHeader(ProxyHeaderStatus.Malformed);
    }

    private static IPEndPoint? ClientOf(string[] fields)
    {
        if (fields is not [("TCP4" or "TCP6") and var family, var source, var destination, var sourcePort, var destinationPort])
        {
            return null;
        }

        var isV4 = family == "TCP4";
        return AddressOf(source, isV4) is { } address && AddressOf(destination, isV4) is not null && PortOf(sourcePort) is { } port && PortOf(destinationPort) is not null
            ? new IPEndPoint(address, port)
            : null;
    }

    private static IPAddress? AddressOf(string text, bool isV4)
    {
        if (isV4)
        {
            // IPAddress takes more forms than four decimal numbers, but writes only that one.
            return IPAddress.TryParse(text, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork && v4.ToString() == text ? v4 : null;
        }

        var isPlain = text.All(static c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        return isPlain && IPAddress.TryParse(text, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6 ? v6 : null;
    }

    private static int? PortOf(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && (text.Length == 1 || text[0] != '0') ? port : null;
}
