using System.Net;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Resolution;

/// <summary>
/// Asks the configured resolvers, and remembers answers for their time to live. Tells "doesn't exist" from "can't tell", and says whether an
/// answer was validated: by the AD bit, which counts only from a resolver on this machine or one that is named as trusted.
/// </summary>
public sealed class DnsLookup
{
    private readonly HashSet<IPAddress> _trusted;

    /// <summary>Made at the first use: who delivers to a fixed host needs no resolver.</summary>
    private readonly Lazy<LookupClient> _client;

    /// <param name="options">Validated options.</param>
    public DnsLookup(IOptions<ResolverOptions> options)
    {
        _trusted = [.. options.Value.TrustedResolvers.Select(IPAddress.Parse)];
        _client = new Lazy<LookupClient>(() => new LookupClient(options.Value.ToClientOptions()));
    }

    /// <summary>All addresses of a name, of both families; empty where there are none, or DNS can't tell.</summary>
    public async Task<IReadOnlyList<IPAddress>> FindAddressesAsync(string name, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(QueryAsync(name, QueryType.A, cancellationToken), QueryAsync(name, QueryType.AAAA, cancellationToken));
        return [.. answers.SelectMany(static answer => answer.Records.OfType<AddressRecord>()).Select(static record => record.Address)];
    }

    internal async Task<DnsAnswer> QueryAsync(string name, QueryType type, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            return new DnsAnswer(DnsAnswerKind.NoSuchName, [], IsSecure: false);
        }

        try
        {
            // The name is absolute: the resolver's search list is none of a recipient's business.
            var response = await _client.Value.QueryAsync(name + ".", type, cancellationToken: cancellationToken);
            var isSecure = response.Header.IsAuthenticData && IsTrusted(response.NameServer.Address);
            return response.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => new DnsAnswer(DnsAnswerKind.Records, response.Answers, isSecure),
                DnsHeaderResponseCode.NotExistentDomain => new DnsAnswer(DnsAnswerKind.NoSuchName, [], isSecure),
                _ => new DnsAnswer(DnsAnswerKind.Unknown, [], IsSecure: false),
            };
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong, a machine without a resolver included: it says nothing about the name.
            return new DnsAnswer(DnsAnswerKind.Unknown, [], IsSecure: false);
        }
    }

    private static bool IsName(string name)
    {
        try
        {
            return DnsString.Parse(name).Value.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private bool IsTrusted(string resolver) => IPAddress.TryParse(resolver, out var address) && (IPAddress.IsLoopback(address) || _trusted.Contains(address));
}
