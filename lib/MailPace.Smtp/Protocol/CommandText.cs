using System.Buffers;
using System.Globalization;
using System.Text;
using MailPace.Smtp.Delivery;

namespace MailPace.Smtp.Protocol;

/// <summary>Writes commands. Addresses have been checked before (<see cref="MailPace.Mail.Addresses.EmailAddress"/>): none can end a line or a path.</summary>
internal static class CommandText
{
    public static void Write(string command, IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(command, output);

    public static void WriteMail(DeliveryRequest request, RemoteExtensions extensions, bool needsUtf8, IBufferWriter<byte> output)
    {
        output.Write("MAIL FROM:<"u8);
        Write(request.ReversePath, output);
        output.Write(">"u8);
        if (extensions.HasSize)
        {
            Write(string.Create(CultureInfo.InvariantCulture, $" SIZE={request.Size}"), output);
        }

        if (request.EightBitMime && extensions.EightBitMime)
        {
            output.Write(" BODY=8BITMIME"u8);
        }

        if (needsUtf8)
        {
            output.Write(" SMTPUTF8"u8);
        }

        // Reports come back to us: the header names the email, its content is ours already (RFC 3461 §4.3).
        if (extensions.Dsn)
        {
            output.Write(" RET=HDRS"u8);
        }

        output.Write("\r\n"u8);
    }

    /// <summary>With DSN, ORCPT lets a report from behind a forwarding name whom we sent to (RFC 3461 §4.2).</summary>
    public static void WriteRecipient(string address, RemoteExtensions extensions, IBufferWriter<byte> output)
    {
        output.Write("RCPT TO:<"u8);
        Write(address, output);
        output.Write(">"u8);
        if (extensions.Dsn && Ascii.IsValid(address))
        {
            output.Write(" ORCPT=rfc822;"u8);
            WriteXText(address, output);
        }

        output.Write("\r\n"u8);
    }

    /// <summary>RFC 3461 §4: printable characters but <c>+</c> and <c>=</c> as they are, others as <c>+XX</c>.</summary>
    private static void WriteXText(string text, IBufferWriter<byte> output)
    {
        foreach (var letter in text)
        {
            if (letter is >= '!' and <= '~' and not ('+' or '='))
            {
                output.Write([(byte)letter]);
            }
            else
            {
                Write(string.Create(CultureInfo.InvariantCulture, $"+{(int)letter:X2}"), output);
            }
        }
    }
}
