namespace MailPace.Contracts;

/// <summary>
/// The facts of an accepted email, as they stand in a MAIL bundle beside the MIME bytes.
/// Additive change only: readers ignore what they don't know.
/// </summary>
public sealed record AcceptedEmail
{
    /// <summary>The email id that the API answers with; below 2^53.</summary>
    public required long Id { get; init; }

    public required long OrganisationId { get; init; }

    public required long DomainId { get; init; }

    /// <summary>The API token that submitted it.</summary>
    public required long TokenId { get; init; }

    /// <summary>The verified sending domain, an A-label in lower case.</summary>
    public required string Domain { get; init; }

    public required EmailSource Source { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>Bare address of the header From.</summary>
    public required string HeaderFrom { get; init; }

    /// <summary>The reverse-path the client gave in MAIL FROM; empty for the null reverse-path, absent for the API.</summary>
    public string? ReversePath { get; init; }

    public required IReadOnlyList<EnvelopeRecipient> Recipients { get; init; }

    /// <summary>Message-ID with its angle brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>Decoded subject; absent when the message has none.</summary>
    public string? Subject { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The message or an address needs SMTPUTF8 (RFC 6531).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>The body holds octets above 127 (RFC 6152).</summary>
    public bool EightBitMime { get; init; }

    /// <summary>RET (RFC 3461): what of the message a DSN should return; absent when the client didn't say.</summary>
    public DsnReturn? DsnReturn { get; init; }

    /// <summary>ENVID (RFC 3461), decoded: how the client names the transaction.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>Bytes of the MIME message.</summary>
    public required int Size { get; init; }

    /// <summary>Key in the blob store where the MIME is when it's too large for a bundle; otherwise it's in the bundle.</summary>
    public string? BlobKey { get; init; }

    /// <summary>SHA-256 over the request, base64; set with an idempotency key, to tell a repeat from another request.</summary>
    public string? RequestHash { get; init; }

    /// <summary>W3C traceparent of the API call or SMTP transaction.</summary>
    public string? TraceParent { get; init; }
}
