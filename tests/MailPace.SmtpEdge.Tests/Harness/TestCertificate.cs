using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>A self-signed certificate for localhost.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    public static TlsCertificates Tls() => TlsCertificates.FromCertificate(Create());
}
