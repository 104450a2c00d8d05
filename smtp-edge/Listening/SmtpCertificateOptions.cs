namespace MailPace.SmtpEdge.Listening;

/// <summary>One more certificate.</summary>
public sealed class SmtpCertificateOptions
{
    /// <summary>PEM file with the certificate and the certificates that lead to its root.</summary>
    public string Path { get; set; } = "";

    /// <summary>PEM file with the private key. Default: the key is in <see cref="Path"/>.</summary>
    public string? KeyPath { get; set; }
}
