using Dapper;
using MailPace.Contracts.Directory;
using Npgsql;

namespace MailPace.Storage.Suppressing;

/// <summary>Block and Allow Lists, entry by entry. Each change is kept, so that it can be undone.</summary>
public sealed class Suppressions(Database database, TimeProvider time)
{
    private const int SnapshotBatch = 50_000;

    /// <summary>The new entry; null when the address is listed already: the first reason stays.</summary>
    public Task<Suppression?> AddAsync(ListOwner owner, AddressList list, NewSuppression entry, string madeBy, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var now = time.GetUtcNow();
                var address = SuppressionTables.Normalise(entry.Address);
                await ExpireAsync(connection, list, cancellationToken);
                var changeId = await SuppressionTables.AddChangeAsync(connection, owner, list, "added", madeBy, now, cancellationToken);
                var added = await connection.QuerySingleOrDefaultAsync<Suppression>(new CommandDefinition(
                    $"""
                    insert into {SuppressionTables.Of(list)} (domain_id, organisation_id, address, reason, created_at, expires_at, change_id)
                    values (@domainId, @organisationId, @address, @Reason, @now, @ExpiresAt, @changeId)
                    on conflict do nothing
                    returning {SuppressionTables.Columns}
                    """,
                    new { domainId = owner.DomainId, organisationId = owner.OrganisationId, address, entry.Reason, now, entry.ExpiresAt, changeId },
                    cancellationToken: cancellationToken));
                if (added is null)
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        "delete from suppression_changes where id = @changeId", new { changeId }, cancellationToken: cancellationToken));
                    return null;
                }

                await SuppressionTables.CountAsync(connection, changeId, 1, cancellationToken);
                await SuppressionTables.PublishAsync(connection, SuppressionTables.Adding(list), [(owner, AddressDigest.Of(address))], now, cancellationToken);
                return added;
            },
            cancellationToken);

    /// <summary>The change that removed it; null when the address wasn't listed.</summary>
    public Task<long?> RemoveAsync(ListOwner owner, AddressList list, string address, string madeBy, CancellationToken cancellationToken)
        => database.InTransactionAsync<long?>(
            async connection =>
            {
                var now = time.GetUtcNow();
                var changeId = await SuppressionTables.AddChangeAsync(connection, owner, list, "removed", madeBy, now, cancellationToken);
                var parameters = OwnerParameters(owner);
                parameters.Add("address", SuppressionTables.Normalise(address));
                var removed = await SuppressionTables.RemoveAsync(
                    connection, list, changeId, $"{SuppressionTables.OfOwner} and address = @address", parameters, cancellationToken);
                if (removed.Count == 0)
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        "delete from suppression_changes where id = @changeId", new { changeId }, cancellationToken: cancellationToken));
                    return null;
                }

                await SuppressionTables.CountAsync(connection, changeId, 1, cancellationToken);
                await SuppressionTables.PublishAsync(connection, SuppressionTables.Removing(list), [(owner, AddressDigest.Of(removed[0]))], now, cancellationToken);
                return changeId;
            },
            cancellationToken);

    public async Task<Suppression?> FindAsync(ListOwner owner, AddressList list, long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var parameters = OwnerParameters(owner);
        parameters.Add("id", id);
        return await connection.QuerySingleOrDefaultAsync<Suppression>(new CommandDefinition(
            $"select {SuppressionTables.Columns} from {SuppressionTables.Of(list)} where id = @id and {SuppressionTables.OfOwner}",
            parameters,
            cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<Suppression>> ListAsync(ListOwner owner, AddressList list, SuppressionQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var parameters = OwnerParameters(owner);
        parameters.Add("address", query.Address is { } address ? SuppressionTables.Normalise(address) : null);
        parameters.Add("reason", query.Reason);
        parameters.Add("before", query.Before);
        parameters.Add("limit", query.Limit);
        return [.. await connection.QueryAsync<Suppression>(new CommandDefinition(
            $"""
            select {SuppressionTables.Columns} from {SuppressionTables.Of(list)}
            where {SuppressionTables.OfOwner}
              and (@address::text is null or address = @address)
              and (@reason::text is null or reason = @reason)
              and (@before::bigint is null or id < @before)
            order by id desc
            limit @limit
            """,
            parameters,
            cancellationToken: cancellationToken))];
    }

    /// <summary>Changes reason and expiry; null when there is no such entry.</summary>
    public async Task<Suppression?> UpdateAsync(ListOwner owner, AddressList list, long id, string reason, DateTimeOffset? expiresAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var parameters = OwnerParameters(owner);
        parameters.Add("id", id);
        parameters.Add("reason", reason);
        parameters.Add("expiresAt", expiresAt);
        return await connection.QuerySingleOrDefaultAsync<Suppression>(new CommandDefinition(
            $"""
            update {SuppressionTables.Of(list)} set reason = @reason, expires_at = @expiresAt
            where id = @id and {SuppressionTables.OfOwner}
            returning {SuppressionTables.Columns}
            """,
            parameters,
            cancellationToken: cancellationToken));
    }

    /// <summary>Removes what has expired; answers how much.</summary>
    public Task<int> ExpireAsync(CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection => await ExpireAsync(connection, AddressList.Block, cancellationToken)
                + await ExpireAsync(connection, AddressList.Allow, cancellationToken),
            cancellationToken);

    /// <summary>All that holds, as entries of the directory's log.</summary>
    internal static async Task<IReadOnlyList<string>> SnapshotAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var parts = new List<List<SuppressionGroup>>();
        foreach (var list in (AddressList[])[AddressList.Block, AddressList.Allow])
        {
            long last = 0;
            while (true)
            {
                var rows = (await connection.QueryAsync<Suppression>(new CommandDefinition(
                    $"select {SuppressionTables.Columns} from {SuppressionTables.Of(list)} where id > @last order by id limit {SnapshotBatch}",
                    new { last },
                    cancellationToken: cancellationToken))).AsList();
                if (rows.Count == 0)
                {
                    break;
                }

                last = rows[^1].Id;
                parts.AddRange(rows.Chunk(SuppressionLog.MaxDigests).Select(chunk => chunk
                    .GroupBy(static row => row.Owner)
                    .Select(owner => new SuppressionGroup(SuppressionTables.Adding(list), owner.Key, [.. owner.Select(static row => AddressDigest.Of(row.Address))]))
                    .ToList()));
            }
        }

        if (parts.Count == 0)
        {
            parts.Add([]);
        }

        return [.. parts.Select((groups, index) => SuppressionLog.Write(
            SnapshotPart.Part | (index == 0 ? SnapshotPart.First : 0) | (index == parts.Count - 1 ? SnapshotPart.Last : 0), groups))];
    }

    private async Task<int> ExpireAsync(NpgsqlConnection connection, AddressList list, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var gone = (await connection.QueryAsync<(long? DomainId, long? OrganisationId, string Address)>(new CommandDefinition(
            $"delete from {SuppressionTables.Of(list)} where expires_at <= @now returning domain_id, organisation_id, address",
            new { now },
            cancellationToken: cancellationToken))).AsList();
        await SuppressionTables.PublishAsync(
            connection, SuppressionTables.Removing(list), gone.Select(static row => (OwnerOf(row.DomainId, row.OrganisationId), AddressDigest.Of(row.Address))), now, cancellationToken);
        return gone.Count;
    }

    internal static ListOwner OwnerOf(long? domainId, long? organisationId)
        => domainId is { } domain ? ListOwner.OfDomain(domain) : ListOwner.OfOrganisation(organisationId!.Value);

    internal static DynamicParameters OwnerParameters(ListOwner owner) => new(new { domainId = owner.DomainId, organisationId = owner.OrganisationId });
}
