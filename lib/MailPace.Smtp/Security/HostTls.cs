using MailPace.Contracts;

namespace MailPace.Smtp.Security;

/// <summary>What one host of a domain is asked for.</summary>
/// <param name="Demand">Of the conversation.</param>
/// <param name="Policy">What reports say of it: the policy, its domain and the host.</param>
/// <param name="Refusal">The host isn't spoken to at all: why.</param>
internal sealed record HostTls(TlsDemand Demand, TlsSession Policy, RemoteReply? Refusal = null)
{
    /// <summary>Such as <c>dane</c> or <c>mta-sts enforce</c>: what is recorded.</summary>
    public string Name { get; init; } = "dane";

    /// <summary>The certificate is checked for the reports alone.</summary>
    public bool IsTesting { get; init; }
}
