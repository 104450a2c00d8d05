using System.ComponentModel.DataAnnotations;

namespace MailPace.Sandbox;

/// <summary>The receiving MX that keeps what it gets, for development and tests.</summary>
public sealed class SandboxOptions : IValidatableObject
{
    public const string SectionName = "Sandbox";

    /// <summary>IP address that it listens on. Default: <c>127.0.0.1</c>.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port that it listens on; 0 takes a free one. Default: 2626.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 2626;

    /// <summary>Name in its greeting and its Received fields. Default: <c>sandbox.localhost</c>.</summary>
    [Required]
    public string HostName { get; set; } = "sandbox.localhost";

    /// <summary>PEM file of a certificate, to offer STARTTLS. Default: none.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file of its private key. Default: the key stands in <see cref="CertificatePath"/>.</summary>
    public string? CertificateKeyPath { get; set; }

    /// <summary>Messages that are kept, the newest. Default: 10,000.</summary>
    [Range(1, 10_000_000)]
    public int Keep { get; set; } = 10_000;

    /// <summary>How long messages are kept. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(7);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!System.Net.IPAddress.TryParse(Address, out _))
        {
            yield return new ValidationResult($"{Address} is no IP address.", [nameof(Address)]);
        }
    }
}
