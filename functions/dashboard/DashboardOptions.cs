using System.ComponentModel.DataAnnotations;

namespace MailPace.Dashboard;

/// <summary>Limits of the Domains API and the management API.</summary>
public sealed class DashboardOptions
{
    public const string SectionName = "Dashboard";

    /// <summary>Requests that each API token may make in a minute; above it: 429. Default: 600.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Domains that an organisation may have; above it: 422. Default: 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxDomains { get; set; } = 1000;

    /// <summary>Valid API tokens that a domain may have; above it: 422. Default: 100.</summary>
    [Range(1, 100_000)]
    public int MaxTokens { get; set; } = 100;
}
