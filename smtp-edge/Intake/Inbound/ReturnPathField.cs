using System.Buffers;
using System.Text;
using MailPace.Mail.Addresses;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>The trace field with the reverse-path, which the server that makes final delivery adds (RFC 5321 §4.4).</summary>
internal static class ReturnPathField
{
    public static void Write(EmailAddress? reversePath, IBufferWriter<byte> output) =>
        Encoding.UTF8.GetBytes($"Return-Path: <{reversePath?.Address}>\r\n", output);
}
