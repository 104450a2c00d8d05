namespace MailPace.Contracts;

/// <summary>One TLS session that was made, or that failed to be made as a policy wants it: what reports to the domain count (RFC 8460).</summary>
public sealed record TlsSession
{
    /// <summary>Whose mail it was, and who gets the report.</summary>
    public required string Domain { get; init; }

    public required TlsPolicyKind Policy { get; init; }

    /// <summary>Whose policy it was: the domain, or for TLSA records the host that has them.</summary>
    public required string PolicyDomain { get; init; }

    /// <summary>The policy as published: its lines, or its TLSA records.</summary>
    public IReadOnlyList<string> PolicyStrings { get; init; } = [];

    /// <summary>Host patterns of an MTA-STS policy.</summary>
    public IReadOnlyList<string> MxPatterns { get; init; } = [];

    /// <summary>Absent for a success.</summary>
    public TlsFault? Fault { get; init; }

    /// <summary>Of a fault, in our words.</summary>
    public string? Detail { get; init; }

    /// <summary>Host name of the remote; absent where the policy itself couldn't be had.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>Its IP address.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Ours.</summary>
    public string? LocalAddress { get; init; }
}
