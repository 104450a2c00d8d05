namespace MailPace.Kubernetes.Tests.Resources;

public sealed class Certificate : CustomResource<CertificateSpec>;

public sealed class CertificateSpec
{
    public string SecretName { get; set; } = "";

    public List<string> DnsNames { get; set; } = [];

    public string? Duration { get; set; }

    public string? RenewBefore { get; set; }

    public CertificateKey? PrivateKey { get; set; }

    public IssuerReference IssuerRef { get; set; } = new();
}

public sealed class CertificateKey
{
    public string? Algorithm { get; set; }

    public int? Size { get; set; }

    public string? Encoding { get; set; }

    public string? RotationPolicy { get; set; }
}

public sealed class IssuerReference
{
    public string Name { get; set; } = "";

    public string? Kind { get; set; }

    public string? Group { get; set; }
}
