using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;
using Npgsql;

namespace MailPace.Storage.Accounts;

public sealed class Domains(Database database, TimeProvider time)
{
    internal const string Columns = "id, organisation_id, name, url, dkim_verified, advanced_verified, dkim_vouched, created_at, modified_at";

    /// <summary>The new domain; null when the organisation has it already.</summary>
    /// <param name="organisationId">Its owner.</param>
    /// <param name="name">A-label in lower case.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Domain?> AddAsync(long organisationId, string name, CancellationToken cancellationToken)
        => AddAsync(organisationId, name, url: null, cancellationToken);

    /// <inheritdoc cref="AddAsync(long, string, CancellationToken)"/>
    /// <param name="url">Where its website is.</param>
    public Task<Domain?> AddAsync(long organisationId, string name, string? url, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var added = await connection.QuerySingleOrDefaultAsync<Domain>(new CommandDefinition(
                    $"""
                    insert into domains (organisation_id, name, url, created_at, modified_at)
                    values (@organisationId, @name, @url, @now, @now)
                    on conflict (organisation_id, name) do nothing
                    returning {Columns}
                    """,
                    new { organisationId, name, url, now = time.GetUtcNow() },
                    cancellationToken: cancellationToken));
                if (added is not null)
                {
                    await PublishAsync(connection, added, cancellationToken);
                }

                return added;
            },
            cancellationToken);

    /// <summary>All domains, or those of one organisation.</summary>
    public async Task<IReadOnlyList<Domain>> ListAsync(long? organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<Domain>(new CommandDefinition(
            $"""
            select {Columns} from domains
            where @organisationId::bigint is null or organisation_id = @organisationId
            order by id
            """,
            new { organisationId },
            cancellationToken: cancellationToken))];
    }

    public async Task<Domain?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Domain>(new CommandDefinition(
            $"select {Columns} from domains where id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Every organisation's domain of that name, the verified one first.</summary>
    public async Task<IReadOnlyList<Domain>> FindByNameAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<Domain>(new CommandDefinition(
            $"select {Columns} from domains where name = @name order by dkim_verified desc, id",
            new { name },
            cancellationToken: cancellationToken))];
    }

    /// <summary>An organisation's domain; null for what is another's or nobody's.</summary>
    public async Task<Domain?> FindAsync(long organisationId, long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Domain>(new CommandDefinition(
            $"select {Columns} from domains where id = @id and organisation_id = @organisationId",
            new { id, organisationId },
            cancellationToken: cancellationToken));
    }

    /// <summary>One page of an organisation's domains.</summary>
    public async Task<IReadOnlyList<Domain>> ListAsync(long organisationId, DomainPage page, CancellationToken cancellationToken)
    {
        var direction = page.Direction == SortDirection.Ascending ? "asc" : "desc";
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<Domain>(new CommandDefinition(
            $"""
            select {Columns} from domains
            where organisation_id = @organisationId
            order by {ColumnOf(page.Sort)} {direction}, id {direction}
            limit @Limit offset @Offset
            """,
            new { organisationId, page.Limit, page.Offset },
            cancellationToken: cancellationToken))];
    }

    public async Task<int> CountAsync(long organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            "select count(*)::integer from domains where organisation_id = @organisationId", new { organisationId }, cancellationToken: cancellationToken));
    }

    /// <summary>The changed domain; null when the organisation has none of that id.</summary>
    public async Task<Domain?> SetUrlAsync(long organisationId, long id, string? url, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Domain>(new CommandDefinition(
            $"""
            update domains set url = @url, modified_at = @now
            where id = @id and organisation_id = @organisationId
            returning {Columns}
            """,
            new { id, organisationId, url, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    /// <summary>Takes DKIM for published, whatever DNS says from now on.</summary>
    public Task<VerificationChange> VouchAsync(Domain domain, CancellationToken cancellationToken)
        => SetAsync(domain.Id, new DomainVerification(Dkim: true, domain.AdvancedVerified), vouched: true, cancellationToken);

    /// <summary>What a look at DNS found; what the operator vouched for counts no more.</summary>
    public Task<VerificationChange> SetVerificationAsync(long id, DomainVerification verification, CancellationToken cancellationToken)
        => SetAsync(id, verification, vouched: false, cancellationToken);

    private async Task<VerificationChange> SetAsync(long id, DomainVerification verification, bool vouched, CancellationToken cancellationToken)
    {
        try
        {
            return await database.InTransactionAsync(
                async connection =>
                {
                    var changed = await connection.QuerySingleOrDefaultAsync<Domain>(new CommandDefinition(
                        $"""
                        update domains set dkim_verified = @dkim, advanced_verified = @advanced, dkim_vouched = @vouched, modified_at = @now
                        where id = @id
                        returning {Columns}
                        """,
                        new { id, dkim = verification.Dkim, advanced = verification.Advanced, vouched, now = time.GetUtcNow() },
                        cancellationToken: cancellationToken));
                    if (changed is null)
                    {
                        return VerificationChange.NoSuchDomain;
                    }

                    await PublishAsync(connection, changed, cancellationToken);
                    return VerificationChange.Changed;
                },
                cancellationToken);
        }
        catch (PostgresException error) when (PostgresFaults.IsUniqueViolation(error))
        {
            return VerificationChange.VerifiedElsewhere;
        }
    }

    private static string ColumnOf(DomainSort sort) => sort switch
    {
        DomainSort.CreatedAt => "created_at",
        DomainSort.Id => "id",
        DomainSort.Name => "name",
    };

    private Task PublishAsync(NpgsqlConnection connection, Domain domain, CancellationToken cancellationToken)
        => DirectoryOutbox.AppendAsync(
            connection,
            DirectoryKeys.Domain(domain.Id),
            DirectoryValue.Of(domain.ToEntry(), ContractsJsonContext.Default.DomainEntry),
            time.GetUtcNow(),
            cancellationToken);
}
