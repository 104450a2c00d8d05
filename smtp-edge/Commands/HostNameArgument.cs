using System.Buffers;
using System.Text;

namespace MailPace.SmtpEdge.Commands;

/// <summary>
/// The argument of EHLO and HELO. Clients send many names that are none (RFC 5321 §4.1.4 says not to refuse mail for
/// that), so only characters are checked: none that means anything in a Received field or a log line.
/// </summary>
internal static class HostNameArgument
{
    private const int Longest = 255;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]%+~"u8);

    public static bool TryParse(ReadOnlySpan<byte> arguments, out string name)
    {
        name = "";
        if (arguments.IsEmpty || arguments.Length > Longest || arguments.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        name = Encoding.ASCII.GetString(arguments);
        return true;
    }
}
