using System.ComponentModel.DataAnnotations;

namespace MailPace.Hosting.Listening;

public sealed class HttpOptions : IValidatableObject
{
    public const string SectionName = "Http";

    /// <summary>
    /// Where HTTP listens, separated by semicolons: <c>http://</c> or <c>https://</c>, an IP address, <c>localhost</c>
    /// or <c>+</c> for all of them, and a port. Default: <c>http://+:8080</c>, as OpenFaaS wants it.
    /// </summary>
    [Required]
    public string Urls { get; set; } = "http://+:8080";

    /// <summary>PEM file of the certificate and its chain for <c>https://</c>; read again when it changes. Default: none.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file of its private key. Default: the key stands in <see cref="CertificatePath"/>.</summary>
    public string? CertificateKeyPath { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var url in Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!HttpListener.TryParse(url, out var listener))
            {
                yield return new ValidationResult($"{url} is not where HTTP can listen; like http://127.0.0.1:8080 or https://+:8443.", [nameof(Urls)]);
                continue;
            }

            if (listener.IsTls && string.IsNullOrEmpty(CertificatePath))
            {
                yield return new ValidationResult($"{url} needs a certificate.", [nameof(CertificatePath)]);
            }
        }

        foreach (var (name, path) in ((string, string?)[])[(nameof(CertificatePath), CertificatePath), (nameof(CertificateKeyPath), CertificateKeyPath)])
        {
            if (!string.IsNullOrEmpty(path) && !File.Exists(path))
            {
                yield return new ValidationResult($"{path} does not exist.", [name]);
            }
        }
    }
}
