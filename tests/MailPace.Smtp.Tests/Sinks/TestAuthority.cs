using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPace.Smtp.Tests.Sinks;

/// <summary>A root, an authority below it, and what that one issues.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TestAuthority(string name = "Test")
    {
        Root = Make($"CN={name} Root", null, isAuthority: true, [], Start.AddYears(50));
        Intermediate = Make($"CN={name} Intermediate", Root, isAuthority: true, [], Start.AddYears(40));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Intermediate { get; }

    public static X509Certificate2 SelfSigned(string name) => Make($"CN={name}", null, isAuthority: false, [name], Start.AddYears(1));

    public static SslStreamCertificateContext Context(X509Certificate2 certificate, params X509Certificate2[] chain) => SslStreamCertificateContext.Create(certificate, [.. chain], offline: true);

    public X509Certificate2 Issue(bool isExpired, params string[] names) => Make("CN=mail", Intermediate, isAuthority: false, names, isExpired ? Start.AddYears(1) : Start.AddYears(30));

    /// <summary>As it's presented: with the authority's certificate, without the root's.</summary>
    public SslStreamCertificateContext Context(X509Certificate2 certificate) => Context(certificate, Intermediate);

    private static X509Certificate2 Make(string subject, X509Certificate2? issuer, bool isAuthority, string[] names, DateTimeOffset end)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            Array.ForEach(names, alternatives.AddDnsName);
            request.CertificateExtensions.Add(alternatives.Build());
        }

        if (issuer is null)
        {
            using var own = request.CreateSelfSigned(Start, end);
            return Loaded(own);
        }

        using var issued = request.Create(issuer, Start, end, RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(key);
        return Loaded(whole);
    }

    private static X509Certificate2 Loaded(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
}
