using System.ComponentModel.DataAnnotations;

namespace MailPace.Mail.ReturnPaths;

/// <summary>Where bounces come back to.</summary>
public sealed class ReturnPathOptions
{
    public const string SectionName = "ReturnPath";

    /// <summary>The platform's own return-path host, for domains without a verified <c>mailer.</c> CNAME; its MX must lead to us. Default: <c>localhost</c>.</summary>
    [Required]
    public string Host { get; set; } = "localhost";
}
