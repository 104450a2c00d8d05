namespace MailPace.Testing;

/// <summary>A zone of <see cref="DnsServer"/>.</summary>
/// <param name="Name">Such as <c>example.test</c>.</param>
/// <param name="Records">Records in zone file syntax, names relative to the zone; SOA and NS are added.</param>
public sealed record DnsZone(string Name, string Records)
{
    /// <summary>Signed with DNSSEC, and the resolver has its key.</summary>
    public bool IsSigned { get; init; }

    /// <summary>The resolver expects a signature that isn't there: SERVFAIL for all of it.</summary>
    public bool IsBogus { get; init; }
}
