using System.ComponentModel.DataAnnotations;

namespace MailPace.Hosting.Secrets;

public sealed class SecretsOptions
{
    public const string SectionName = "Secrets";

    /// <summary>Directory of the secret files, one file a secret. Default: where OpenFaaS mounts them.</summary>
    [Required]
    public string Directory { get; set; } = "/var/openfaas/secrets";
}
