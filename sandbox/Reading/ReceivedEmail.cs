using MailPace.Sandbox.Verification;

namespace MailPace.Sandbox.Reading;

/// <summary>A message of the sandbox as its JSON API gives it.</summary>
public sealed record ReceivedEmail
{
    public required long Id { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required ReceivedEnvelope Envelope { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Cc { get; init; }

    public string? Subject { get; init; }

    public string? MessageId { get; init; }

    public string? Text { get; init; }

    public string? Html { get; init; }

    public required IReadOnlyList<ReceivedHeader> Headers { get; init; }

    public required IReadOnlyList<ReceivedAttachment> Attachments { get; init; }

    /// <summary>TLS version and cipher of the delivery; null when it came in clear.</summary>
    public string? Tls { get; init; }

    public required IReadOnlyList<DkimResult> Dkim { get; init; }

    public required string RawUrl { get; init; }
}
