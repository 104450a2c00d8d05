using MailPace.Contracts;
using MailPace.Mail.Addresses;

namespace MailPace.SmtpEdge.Session;

/// <summary>The envelope of a mail transaction, as it grows.</summary>
public sealed class Envelope
{
    // They travel with the facts of the email, which have to fit into one message of JetStream whatever the number of recipients.
    private const int MostOriginalRecipientOctets = 32 * 1024;

    private readonly List<EmailAddress> _recipients = [];
    private readonly List<RecipientDsn> _dsn = [];
    private int _originalRecipientOctets;

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

    /// <summary>RET (RFC 3461 §4.3), when it was given.</summary>
    public DsnReturn? DsnReturn { get; internal init; }

    /// <summary>ENVID (RFC 3461 §4.4), decoded.</summary>
    public string? EnvelopeId { get; internal init; }

    /// <summary>What each of <see cref="Recipients"/> was given with.</summary>
    public IReadOnlyList<RecipientDsn> Dsn => _dsn;

    internal bool HasRoomFor(RecipientDsn dsn) => _originalRecipientOctets + (dsn.OriginalRecipient?.Length ?? 0) <= MostOriginalRecipientOctets;

    internal void Add(EmailAddress recipient, RecipientDsn dsn)
    {
        _recipients.Add(recipient);
        _dsn.Add(dsn);
        _originalRecipientOctets += dsn.OriginalRecipient?.Length ?? 0;
    }
}
