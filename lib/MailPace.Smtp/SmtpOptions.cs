using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp;

/// <summary>Outbound SMTP: how we present ourselves, and the limits of the connection pool.</summary>
public sealed class SmtpOptions
{
    public const string SectionName = "Smtp";

    /// <summary>The name given in EHLO; empty (default) means the machine's host name. Receivers expect it to resolve to our address.</summary>
    [RegularExpression(@"[A-Za-z0-9.\-:\[\]]{0,255}")]
    public string HeloName { get; set; } = "";

    internal string HeloNameOrHost => HeloName.Length > 0 ? HeloName : System.Net.Dns.GetHostName();

    /// <summary>Connections to one destination at most; default 20.</summary>
    [Range(1, 10_000)]
    public int MaxConnectionsPerDestination { get; set; } = 20;

    /// <summary>Messages over one connection at most; default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxMessagesPerConnection { get; set; } = 1000;

    /// <summary>How long an unused connection is kept; default 15 s. Receivers hang up on idle clients, and count them.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After a failed TLS handshake a destination is spoken to in clear for this time, then TLS is tried again; default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TlsRetryAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Addresses tried in one delivery attempt at most; default 6.</summary>
    [Range(1, 100)]
    public int MaxAddressesPerAttempt { get; set; } = 6;

    /// <summary>Hosts that are offered the message in one delivery attempt at most, when the first ones defer it; default 3.</summary>
    [Range(1, 100)]
    public int MaxHostsPerAttempt { get; set; } = 3;

    /// <summary>Port of mail exchangers; default 25.</summary>
    [Range(1, 65535)]
    public int MxPort { get; set; } = 25;

    [ValidateObjectMembers]
    public SmtpTimeouts Timeouts { get; set; } = new();
}
