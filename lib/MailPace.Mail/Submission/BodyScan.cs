using System.Text;

namespace MailPace.Mail.Submission;

/// <summary>Looks for what may not leave in a body: bare CR, bare LF (RFC 5321 §2.3.8) and NUL.</summary>
public static class BodyScan
{
    /// <param name="body">The octets after the empty line.</param>
    /// <param name="eightBit">Whether there are octets above 127 (RFC 6152).</param>
    public static MessageFault Check(ReadOnlySpan<byte> body, out bool eightBit)
    {
        eightBit = !Ascii.IsValid(body);
        while (true)
        {
            var found = body.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
            if (found < 0)
            {
                return MessageFault.None;
            }

            if (body[found] == 0)
            {
                return MessageFault.Nul;
            }

            if (body[found] == (byte)'\n' || found + 1 == body.Length || body[found + 1] != (byte)'\n')
            {
                return MessageFault.BareLineBreak;
            }

            body = body[(found + 2)..];
        }
    }
}
