using MailPace.Contracts;
using MailPace.Mail.Addresses;

namespace MailPace.Messaging.Intake;

/// <summary>An email as it's handed in, whole and checked: what <see cref="EmailIntake.AcceptAsync"/> makes durable.</summary>
public sealed record Submission
{
    public required SubmissionSession Session { get; init; }

    public required EmailSource Source { get; init; }

    public required EmailAddress HeaderFrom { get; init; }

    /// <summary>From MAIL FROM; empty for the null reverse-path, absent for the API.</summary>
    public string? ReversePath { get; init; }

    public required IReadOnlyList<EnvelopeRecipient> Recipients { get; init; }

    /// <summary>The MIME bytes; they don't change until the result is there. Empty where <see cref="Stored"/> has them.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>The message, where it was stored while it came.</summary>
    public StoredMessage? Stored { get; init; }

    /// <summary>Bytes of the message.</summary>
    public int Size => Stored?.Size ?? Message.Length;

    /// <summary>With its angle brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>Decoded; absent when the message has none.</summary>
    public string? Subject { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool SmtpUtf8 { get; init; }

    public bool EightBitMime { get; init; }

    /// <summary>RET (RFC 3461): what of the message a DSN should return; absent when the client didn't say.</summary>
    public DsnReturn? DsnReturn { get; init; }

    /// <summary>ENVID (RFC 3461), decoded: how the client names the transaction.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>At most <see cref="EmailIntake.MaxIdempotencyKey"/> characters; scope is the API token.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 over the request, base64: tells a repeat from another request. Required with a key.</summary>
    public string? RequestHash { get; init; }

    /// <summary>W3C traceparent; absent: that of the current activity.</summary>
    public string? TraceParent { get; init; }
}
