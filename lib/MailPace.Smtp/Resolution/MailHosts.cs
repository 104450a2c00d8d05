using MailPace.Contracts;

namespace MailPace.Smtp.Resolution;

/// <summary>Where a domain takes mail.</summary>
public abstract record MailHosts
{
    private MailHosts()
    {
    }

    /// <summary>In the order to try.</summary>
    public sealed record Found(IReadOnlyList<MailHost> Hosts) : MailHosts
    {
        /// <summary>Their names are validated with DNSSEC.</summary>
        public bool IsSecure { get; init; }
    }

    /// <summary>Nowhere, for good or for now: the class of the enhanced code says which.</summary>
    public sealed record Missing(RemoteReply Reply) : MailHosts;

    public T Match<T>(Func<Found, T> found, Func<Missing, T> missing) => this switch
    {
        Found hosts => found(hosts),
        Missing none => missing(none),
        _ => throw new InvalidOperationException("The family of answers is closed."),
    };
}
