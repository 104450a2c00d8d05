using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Security;

/// <summary>What is asked of TLS with receiving hosts, beyond using it where it's offered.</summary>
public sealed class TlsOptions : IValidatableObject
{
    public const string SectionName = "Tls";

    /// <summary>Keep to the MTA-STS policies that domains publish (RFC 8461); default true.</summary>
    public bool MtaSts { get; set; } = true;

    /// <summary>Keep to the TLSA records of receiving hosts (RFC 7672), where a resolver that we trust validates them; default true.</summary>
    public bool Dane { get; set; } = true;

    /// <summary>What is asked for some domains at least, or that their policies are ignored; default none.</summary>
    [ValidateEnumeratedItems]
    public DomainTlsOptions[] Domains { get; set; } = [];

    /// <summary>PEM file with certificates of authorities that are trusted beside the system's; default none.</summary>
    public string AuthoritiesPath { get; set; } = "";

    /// <summary>How long an MTA-STS policy may take to be fetched; default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan StsTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>After an MTA-STS policy couldn't be fetched, it's tried again after this time; default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan StsRetryAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Port that MTA-STS policies are fetched from; default 443, which the standard names.</summary>
    [Range(1, 65535)]
    public int StsPort { get; set; } = 443;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AuthoritiesPath.Length > 0 && !File.Exists(AuthoritiesPath))
        {
            yield return new ValidationResult($"Tls:AuthoritiesPath: there is no file {AuthoritiesPath}.", [nameof(AuthoritiesPath)]);
        }
    }
}
