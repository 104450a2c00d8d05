using System.ComponentModel.DataAnnotations;

namespace MailPace.Hosting.Listening;

public sealed class HttpOptions : IValidatableObject
{
    public const string SectionName = "Http";

    /// <summary>
    /// Where HTTP listens: <c>http://</c>, an IP address, <c>localhost</c> or <c>+</c> for all of them, and a port, where 0 takes a free one.
    /// Several are separated by semicolons. Default: <c>http://+:8080</c>, as OpenFaaS wants it.
    /// </summary>
    public string Url { get; set; } = "http://+:8080";

    /// <summary>Where HTTPS listens, as <c>https://127.0.0.1:8443</c>; needs <see cref="CertificatePath"/>. Default: nowhere.</summary>
    public string? HttpsUrl { get; set; }

    /// <summary>PEM file of the certificate and its chain for <c>https://</c>; read again when it changes. Default: none.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>PEM file of its private key. Default: the key stands in <see cref="CertificatePath"/>.</summary>
    public string? CertificateKeyPath { get; set; }

    /// <summary>Each URL, and the option that it stands in.</summary>
    internal IEnumerable<(string Option, string Url)> Listeners
        => Split(Url).Select(url => (nameof(Url), url)).Concat(Split(HttpsUrl).Select(url => (nameof(HttpsUrl), url)));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (option, url) in Listeners)
        {
            if (!HttpListener.TryParse(url, out var listener))
            {
                yield return new ValidationResult($"{url} is not where HTTP can listen; like http://127.0.0.1:8080 or https://+:8443.", [option]);
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

    private static string[] Split(string? urls)
        => (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
