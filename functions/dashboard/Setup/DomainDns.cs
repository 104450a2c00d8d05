using DnsClient;
using DnsClient.Protocol;
using MailPace.Smtp.Resolution;
using Microsoft.Extensions.Options;

namespace MailPace.Dashboard.Setup;

/// <summary>Asks DNS for a domain's records, with the resolvers of <see cref="ResolverOptions"/> and without a cache of ours.</summary>
public sealed class DomainDns(IOptions<ResolverOptions> options)
{
    private readonly Lazy<LookupClient> client = new(() =>
    {
        var settings = options.Value.ToClientOptions();
        settings.UseCache = false;
        return new LookupClient(settings);
    });

    /// <summary>The records of that name; none where it doesn't exist.</summary>
    /// <exception cref="DnsUnavailableException">DNS can't tell now.</exception>
    public async Task<IReadOnlyList<DnsResourceRecord>> QueryAsync(string name, QueryType type, CancellationToken cancellationToken)
    {
        IDnsQueryResponse response;
        try
        {
            // Absolute: the resolver's search list has no part in it.
            response = await client.Value.QueryAsync(name + ".", type, cancellationToken: cancellationToken);
        }
        catch (Exception failure) when (failure is DnsResponseException or InvalidOperationException)
        {
            throw new DnsUnavailableException($"DNS can't tell the {type} record of {name} now: {failure.Message}", failure);
        }

        return response.Header.ResponseCode switch
        {
            DnsHeaderResponseCode.NoError => response.Answers,
            DnsHeaderResponseCode.NotExistentDomain => [],
            var code => throw new DnsUnavailableException($"DNS can't tell the {type} record of {name} now: it answers {code}."),
        };
    }
}
