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

        output.Write("\r\n"u8);
    }

    public static void WriteRecipient(string address, IBufferWriter<byte> output)
    {
        output.Write("RCPT TO:<"u8);
        Write(address, output);
        output.Write(">\r\n"u8);
    }
}
