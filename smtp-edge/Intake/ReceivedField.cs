using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>The trace field of RFC 5321 §4.4.</summary>
public static class ReceivedField
{
    /// <summary>Writes a field that names the client as it called itself, and its address.</summary>
    public static void Write(SessionFacts session, Envelope envelope, string hostName, string transactionId, DateTimeOffset at, IBufferWriter<byte> output) =>
        Write($"{session.HeloName} ({Literal(session.RemoteEndPoint?.Address)})", session, envelope, hostName, transactionId, at, output);

    /// <summary>Writes a field that says only that an authenticated client handed the message in.</summary>
    public static void WriteWithoutClient(SessionFacts session, Envelope envelope, string hostName, string transactionId, DateTimeOffset at, IBufferWriter<byte> output) =>
        Write("authenticated-client", session, envelope, hostName, transactionId, at, output);

    private static void Write(string from, SessionFacts session, Envelope envelope, string hostName, string transactionId, DateTimeOffset at, IBufferWriter<byte> output)
    {
        var tls = session.Tls is { } facts ? $"\r\n\t(using {facts.Version} with cipher {facts.CipherSuite})" : "";
        var date = at.ToString("ddd, d MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        var field = $"Received: from {from}\r\n\tby {hostName} with {Protocol(session, envelope)} id {transactionId}{tls};\r\n\t{date}\r\n";
        Encoding.ASCII.GetBytes(field, output);
    }

    /// <summary>The "with" protocol types of RFC 3848 and RFC 6531 §4.3.</summary>
    private static string Protocol(SessionFacts session, Envelope envelope)
    {
        if (!session.IsExtended)
        {
            return "SMTP";
        }

        var secure = session.Tls is null ? "" : "S";
        var authenticated = session.Account is null ? "" : "A";
        return envelope.SmtpUtf8 ? $"UTF8SMTP{secure}{authenticated}" : $"ESMTP{secure}{authenticated}";
    }

    private static string Literal(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{plain}]" : $"[{plain}]";
    }
}
