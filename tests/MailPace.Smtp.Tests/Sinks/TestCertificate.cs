using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPace.Smtp.Tests.Sinks;

internal static class TestCertificate
{
    /// <summary>Self-signed, for another host, expired: what opportunistic TLS has to put up with.</summary>
    public static X509Certificate2 Bad()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=other.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
