using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>A self-signed certificate and its key, as their files hold them.</summary>
internal sealed record PemPair(string Certificate, string Key, string Thumbprint)
{
    public static PemPair Create(params string[] hosts) => Create(TimeSpan.FromDays(90), hosts);

    public static PemPair Create(TimeSpan lifetime, params string[] hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + lifetime);
        return new PemPair(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", certificate.Thumbprint);
    }

    /// <summary>Writes both files into a directory, which is made.</summary>
    public PemPair WriteTo(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "tls.crt"), Certificate);
        File.WriteAllText(Path.Combine(directory, "tls.key"), Key);
        return this;
    }
}
