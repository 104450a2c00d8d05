using System.ComponentModel.DataAnnotations;

namespace MailPace.Smtp.Security;

/// <summary>What TLS is asked for mail to some domains.</summary>
public sealed class DomainTlsOptions : IValidatableObject
{
    /// <summary><c>example.com</c>, <c>.example.com</c> for all below it, <c>*</c> for all the rest; the closest one decides.</summary>
    [Required]
    public string Domain { get; set; } = "";

    /// <summary>
    /// <c>Encrypted</c> (default): never in clear. <c>Verified</c>: and with a certificate that is good for the host's name.
    /// <c>Opportunistic</c>: as if the domain published no policy.
    /// </summary>
    public TlsLevel Level { get; set; } = TlsLevel.Encrypted;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Level is TlsLevel.Dane or TlsLevel.Clear)
        {
            yield return new ValidationResult($"Tls:Domains: {Level} can't be configured for {Domain}.", [nameof(Level)]);
        }

        if (!System.Text.Ascii.IsValid(Domain))
        {
            yield return new ValidationResult($"Tls:Domains: {Domain} has to be written with A-labels (xn--…).", [nameof(Domain)]);
        }
    }
}
