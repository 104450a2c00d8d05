using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;

namespace MailPace.Storage.Accounts;

/// <summary>A host has one endpoint. Who has it keeps it as long as their domain is verified; after that whoever is verified may take it.</summary>
public sealed class InboundEndpoints(Database database, TimeProvider time)
{
    internal const string Columns = "id, organisation_id, domain_id, host, url, created_at";

    /// <summary>The new endpoint, also in place of the domain's own former one; null when the host is someone else's.</summary>
    /// <param name="domain">The domain that the host is, or is under.</param>
    /// <param name="host">A-label in lower case.</param>
    /// <param name="url">Where to POST.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<InboundEndpoint?> SetAsync(Domain domain, string host, string url, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var now = time.GetUtcNow();
                var endpoint = await connection.QuerySingleOrDefaultAsync<InboundEndpoint>(new CommandDefinition(
                    $"""
                    insert into inbound_endpoints as former (organisation_id, domain_id, host, url, created_at)
                    values (@organisationId, @domainId, @host, @url, @now)
                    on conflict (host) do update
                    set organisation_id = excluded.organisation_id, domain_id = excluded.domain_id, url = excluded.url
                    where former.domain_id = excluded.domain_id
                        or (not exists (select from domains where id = former.domain_id and dkim_verified)
                            and exists (select from domains where id = excluded.domain_id and dkim_verified))
                    returning {Columns}
                    """,
                    new { organisationId = domain.OrganisationId, domainId = domain.Id, host, url, now },
                    cancellationToken: cancellationToken));
                if (endpoint is not null)
                {
                    await DirectoryOutbox.AppendAsync(
                        connection,
                        DirectoryKeys.Inbound(host),
                        DirectoryValue.Of(endpoint.ToEntry(), ContractsJsonContext.Default.InboundEndpointEntry),
                        now,
                        cancellationToken);
                }

                return endpoint;
            },
            cancellationToken);

    /// <summary>False when the domain has no endpoint for that host.</summary>
    public Task<bool> RemoveAsync(long domainId, string host, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var removed = await connection.ExecuteAsync(new CommandDefinition(
                    "delete from inbound_endpoints where domain_id = @domainId and host = @host",
                    new { domainId, host },
                    cancellationToken: cancellationToken));
                if (removed > 0)
                {
                    await DirectoryOutbox.AppendAsync(connection, DirectoryKeys.Inbound(host), value: null, time.GetUtcNow(), cancellationToken);
                }

                return removed > 0;
            },
            cancellationToken);

    public async Task<IReadOnlyList<InboundEndpoint>> ListAsync(long domainId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<InboundEndpoint>(new CommandDefinition(
            $"select {Columns} from inbound_endpoints where domain_id = @domainId order by host",
            new { domainId },
            cancellationToken: cancellationToken))];
    }
}
