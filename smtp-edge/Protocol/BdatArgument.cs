using System.Text;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>The argument of BDAT: <c>chunk-size [SP LAST]</c> (RFC 3030 §2).</summary>
/// <param name="Size">Octets that follow the command.</param>
/// <param name="IsLast">They end the message.</param>
internal readonly record struct BdatArgument(long Size, bool IsLast)
{
    public static bool TryParse(ReadOnlySpan<byte> arguments, out BdatArgument argument)
    {
        var end = arguments.IndexOf((byte)' ');
        var isLast = end >= 0 && Ascii.EqualsIgnoreCase(arguments[(end + 1)..].TrimStart((byte)' '), "LAST"u8);
        var isSize = OctetCount.TryParse(end < 0 ? arguments : arguments[..end], out var size);
        argument = new BdatArgument(size, isLast);
        return isSize && (end < 0 || isLast);
    }
}
