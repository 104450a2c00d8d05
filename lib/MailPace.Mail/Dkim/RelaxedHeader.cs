using System.Buffers;
using MailPace.Mail.Headers;

namespace MailPace.Mail.Dkim;

/// <summary>The relaxed header canonicalisation (RFC 6376 §3.4.2).</summary>
internal static class RelaxedHeader
{
    /// <summary>Writes <c>name:value CRLF</c>: name in lower case, unfolded, runs of white space as one space, none at either end.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message, HeaderField field)
    {
        var name = output.GetSpan(field.NameLength + 1);
        System.Text.Ascii.ToLower(field.Name(message), name, out var written);
        name[written] = (byte)':';
        output.Advance(written + 1);
        WriteValue(output, field.RawValue(message));
        output.Write("\r\n"u8);
    }

    public static void WriteValue(IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        var target = output.GetSpan(value.Length);
        var length = 0;
        var space = false;
        foreach (var octet in value)
        {
            if (octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                space = length > 0;
                continue;
            }

            if (space)
            {
                target[length++] = (byte)' ';
                space = false;
            }

            target[length++] = octet;
        }

        output.Advance(length);
    }
}
