using System.ComponentModel.DataAnnotations;

namespace MailPace.Messaging.Intake;

/// <summary>Limits and habits of the one way in.</summary>
public sealed class IntakeOptions
{
    public const string SectionName = "Intake";

    /// <summary>Addresses that each of <c>to</c>, <c>cc</c> and <c>bcc</c> may hold. Default: 50.</summary>
    [Range(1, 1000)]
    public int MaxRecipientsPerField { get; set; } = 50;

    /// <summary>Emails that each API token may hand in a second, averaged. Default: 5,000.</summary>
    [Range(1, 1_000_000)]
    public int EmailsPerSecond { get; set; } = 5000;

    /// <summary>Emails that a token may hand in at once when it has been quiet. Default: 10,000.</summary>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 10_000;

    /// <summary>A repeat of an Idempotency-Key with another body gets the first answer, as MailPace does, and not 409. Default: false.</summary>
    public bool IdempotencyIgnoresBody { get; set; }

    /// <summary>Messages above this many bytes go to the blob store and not into a bundle; over SMTP, while they come and from 192 KiB on. Default: 256 KiB.</summary>
    [Range(1024, 512 * 1024)]
    public int MaxInlineBytes { get; set; } = 256 * 1024;

    /// <summary>When a client should come back after an email couldn't be made durable. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);
}
