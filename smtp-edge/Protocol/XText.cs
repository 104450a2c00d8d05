using System.Globalization;
using System.Text;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// Parameter values as xtext (RFC 3461 §4): printable ASCII without + and =, everything else as + and two hexadecimal digits in
/// upper case. What it decodes to has to be printable ASCII as well (§4.2, §4.4): it can be written into a field or a command.
/// </summary>
internal static class XText
{
    public static bool TryDecode(ReadOnlySpan<byte> text, out string decoded)
    {
        decoded = "";
        var characters = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            int octet = text[i];
            if (octet is '=' or ' ')
            {
                return false;
            }

            if (octet == '+')
            {
                if (!TryReadHex(text[(i + 1)..], out octet))
                {
                    return false;
                }

                i += 2;
            }

            if (octet is < 0x20 or > 0x7E)
            {
                return false;
            }

            characters.Append((char)octet);
        }

        decoded = characters.ToString();
        return decoded.Length > 0;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> text, out int octet)
    {
        octet = 0;
        return text.Length >= 2
            && !text[..2].ContainsAnyInRange((byte)'a', (byte)'f')
            && int.TryParse(text[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octet);
    }
}
