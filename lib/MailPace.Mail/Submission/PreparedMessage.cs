using MailPace.Mail.Addresses;

namespace MailPace.Mail.Submission;

/// <summary>A submitted message, ready to be accepted.</summary>
public sealed record PreparedMessage
{
    /// <summary>The MIME bytes to keep: the client's own where nothing had to be added or removed.</summary>
    public required ReadOnlyMemory<byte> Message { get; init; }

    public required EmailAddress HeaderFrom { get; init; }

    /// <summary>Message-ID with its angle brackets.</summary>
    public required string MessageId { get; init; }

    /// <summary>Decoded subject; absent when there is none.</summary>
    public string? Subject { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Value of <c>X-MailPace-Idempotency-Key</c>, of any length.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Addresses that the header names in To; a value that can't be read names none.</summary>
    public IReadOnlyList<EmailAddress> To { get; init; } = [];

    public IReadOnlyList<EmailAddress> Cc { get; init; } = [];

    /// <summary>The body needs 8BITMIME.</summary>
    public bool EightBitMime { get; init; }

    /// <summary>The header holds UTF-8 and needs SMTPUTF8.</summary>
    public bool SmtpUtf8 { get; init; }
}
