namespace MailPace.Contracts;

/// <summary>
/// The facts of a message that a stranger's server handed in, as they stand in an INBOUND bundle beside the MIME bytes. The bytes are our
/// trace fields (Return-Path, Received) and then the message as it came. A transaction with recipients of several kinds, or of several
/// inbound endpoints, leads to one of these for each. Additive change only: readers ignore what they don't know.
/// </summary>
public sealed record InboundMessage
{
    /// <summary>Below 2^53, from the counter of the emails: no email has it too.</summary>
    public required long Id { get; init; }

    public required InboundKind Kind { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Names the transaction in the edge's logs and in the Received field.</summary>
    public required string TransactionId { get; init; }

    /// <summary>IP address of the client: what SPF is about.</summary>
    public required string ClientAddress { get; init; }

    /// <summary>Argument of EHLO or HELO: a claim.</summary>
    public required string Helo { get; init; }

    /// <summary>TLS version such as <c>TLS1.3</c>; absent when in clear.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>Name of the cipher suite; absent when in clear.</summary>
    public string? TlsCipher { get; init; }

    /// <summary>From MAIL FROM; empty for the null reverse-path.</summary>
    public required string ReversePath { get; init; }

    public required IReadOnlyList<InboundRecipient> Recipients { get; init; }

    /// <summary>Whose it is; set for <see cref="InboundKind.Mail"/> only, as are the next two.</summary>
    public long? OrganisationId { get; init; }

    public long? DomainId { get; init; }

    public long? EndpointId { get; init; }

    /// <summary>MAIL had SMTPUTF8 (RFC 6531).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>Bytes of the MIME, trace fields included.</summary>
    public required int Size { get; init; }

    /// <summary>Key in the blob store where the MIME is when it's too large for a bundle; several messages of one transaction share it.</summary>
    public string? BlobKey { get; init; }

    public string? TraceParent { get; init; }
}
