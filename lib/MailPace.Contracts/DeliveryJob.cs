namespace MailPace.Contracts;

/// <summary>
/// What is to be delivered now or later: one email to the recipients of one domain that have no final outcome yet.
/// In JOBS it stands before the signed message: see <c>JobCodec</c>.
/// </summary>
public sealed record DeliveryJob
{
    public required long EmailId { get; init; }

    /// <summary>Number of the job within its email, from 0; the same at every attempt.</summary>
    public required int JobNumber { get; init; }

    /// <summary>Number of the delivery attempt that this job asks for, from 1.</summary>
    public required int Attempt { get; init; }

    public required long OrganisationId { get; init; }

    public required long DomainId { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>After this moment a transient failure is final: <see cref="RecipientState.Expired"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Domain of the recipients, an A-label in lower case; decides the route.</summary>
    public required string RecipientDomain { get; init; }

    public required IReadOnlyList<JobRecipient> Recipients { get; init; }

    /// <summary>The return-path given in MAIL FROM (VERP).</summary>
    public required string ReturnPath { get; init; }

    public required string MessageId { get; init; }

    public bool SmtpUtf8 { get; init; }

    public bool EightBitMime { get; init; }

    /// <summary>Bytes of the message as it will be sent, signatures included, before dot-stuffing.</summary>
    public required int Size { get; init; }

    /// <summary>When set, the job's payload holds the signature header fields only and the message follows from the blob store.</summary>
    public string? BlobKey { get; init; }

    /// <summary>
    /// The job was made from a message that was delivered before, so it may have been published, and run, already, longer ago than
    /// the dedup window: before it sends, <c>deliver</c> asks whether this attempt is recorded, as for a redelivered job.
    /// </summary>
    public bool MayRepeat { get; init; }

    public string? TraceParent { get; init; }
}
