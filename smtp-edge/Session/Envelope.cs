using MailPace.Mail.Addresses;

namespace MailPace.SmtpEdge.Session;

/// <summary>The envelope of a mail transaction, as it grows.</summary>
public sealed class Envelope
{
    private readonly List<EmailAddress> _recipients = [];

    /// <summary>Absent for the null reverse-path <c>&lt;&gt;</c>.</summary>
    public EmailAddress? ReversePath { get; internal init; }

    /// <summary>What SIZE declared (RFC 1870), when it did.</summary>
    public long? DeclaredSize { get; internal init; }

    /// <summary>BODY=8BITMIME (RFC 6152).</summary>
    public bool EightBitMime { get; internal init; }

    /// <summary>SMTPUTF8 (RFC 6531).</summary>
    public bool SmtpUtf8 { get; internal init; }

    /// <summary>In the order of RCPT, repetitions included.</summary>
    public IReadOnlyList<EmailAddress> Recipients => _recipients;

    internal void Add(EmailAddress recipient) => _recipients.Add(recipient);
}
