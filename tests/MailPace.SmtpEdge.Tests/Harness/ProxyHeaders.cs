using System.Net;
using System.Text;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>Headers of the PROXY protocol, as text of one character an octet.</summary>
internal static class ProxyHeaders
{
    /// <summary>192.0.2.7:40000 to 198.51.100.2:25.</summary>
    public static string V4Addresses { get; } = Octets("192.0.2.7") + Octets("198.51.100.2") + "\u009c\u0040\0\u0019";

    /// <summary>[2001:db8::7]:40000 to [2001:db8::2]:25.</summary>
    public static string V6Addresses { get; } = Octets("2001:db8::7") + Octets("2001:db8::2") + "\u009c\u0040\0\u0019";

    public static string V2(int command, int family, string rest) =>
        $"\r\n\r\n\0\r\nQUIT\n{(char)command}{(char)family}{(char)(rest.Length >> 8)}{(char)(rest.Length & 0xff)}{rest}";

    private static string Octets(string address) => Encoding.Latin1.GetString(IPAddress.Parse(address).GetAddressBytes());
}
