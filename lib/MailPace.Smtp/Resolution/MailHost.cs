using System.Net;

namespace MailPace.Smtp.Resolution;

/// <summary>A host that takes mail, with the addresses that may be connected to.</summary>
/// <param name="Name">As the MX record names it.</param>
/// <param name="Addresses">In the order to try.</param>
public sealed record MailHost(string Name, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>
    /// Where TLSA records may stand, the better first: its canonical name, and the name itself where that is an alias. Empty unless the
    /// addresses and what led to them are validated (RFC 7672 §2.2.2).
    /// </summary>
    public IReadOnlyList<string> SecureNames { get; init; } = [];
}
