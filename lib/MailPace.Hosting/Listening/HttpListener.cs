using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace MailPace.Hosting.Listening;

/// <summary>One place where HTTP listens.</summary>
/// <param name="Address">IP address; absent: every one.</param>
/// <param name="Port">Port; 0 takes a free one.</param>
/// <param name="IsTls">HTTPS.</param>
internal sealed record HttpListener(IPAddress? Address, int Port, bool IsTls)
{
    public static bool TryParse(string url, [NotNullWhen(true)] out HttpListener? listener)
    {
        listener = null;
        var isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var authority = url[(isTls ? 8 : 7)..].TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var host = authority[..colon];
        IPAddress? address = null;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = IPAddress.Loopback;
        }
        else if (host is not ("+" or "*") && !IPAddress.TryParse(host, out address))
        {
            return false;
        }

        listener = new HttpListener(address, port, isTls);
        return true;
    }
}
