using System.ComponentModel.DataAnnotations;

namespace MailPace.Deliver;

/// <summary>A fixed next hop.</summary>
public sealed class HostOptions
{
    /// <summary>Name or address.</summary>
    [Required]
    public string Host { get; set; } = "127.0.0.1";

    [Range(1, 65535)]
    public int Port { get; set; } = 25;
}
