using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Listening;

/// <summary>One port of an SMTP server.</summary>
public sealed class SmtpListenerOptions
{
    /// <summary>IP address to bind. Default: every IPv4 and IPv6 address.</summary>
    public string Address { get; set; } = "::";

    /// <summary>Port to bind; 0 takes a free one. Default: 0.</summary>
    public int Port { get; set; }

    /// <summary>What the port is for. Default: <see cref="SmtpRole.Submission"/>.</summary>
    public SmtpRole Role { get; set; } = SmtpRole.Submission;

    /// <summary>
    /// Networks as CIDR, such as <c>10.1.0.0/16</c>, whose connections begin with a header of the PROXY protocol, version 1 or 2, that names the
    /// client. It is required from there and taken from nowhere else. Default: none.
    /// </summary>
    public IList<string> ProxyNetworks { get; init; } = [];
}
