using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;
using Npgsql;

namespace MailPace.Storage.Accounts;

public sealed class Domains(Database database, TimeProvider time)
{
    internal const string Columns = "id, organisation_id, name, dkim_verified, advanced_verified, created_at, modified_at";

    /// <summary>The new domain; null when the organisation has it already.</summary>
    /// <param name="organisationId">Its owner.</param>
    /// <param name="name">A-label in lower case.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Domain?> AddAsync(long organisationId, string name, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var added = await connection.QuerySingleOrDefaultAsync<Domain>(new CommandDefinition(
                    $"""
                    insert into domains (organisation_id, name, created_at, modified_at)
                    values (@organisationId, @name, @now, @now)
                    on conflict (organisation_id, name) do nothing
                    returning {Columns}
                    """,
                    new { organisationId, name, now = time.GetUtcNow() },
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

    public async Task<VerificationChange> SetVerificationAsync(long id, DomainVerification verification, CancellationToken cancellationToken)
    {
        try
        {
            return await database.InTransactionAsync(
                async connection =>
                {
                    var changed = await connection.QuerySingleOrDefaultAsync<Domain>(new CommandDefinition(
                        $"""
                        update domains set dkim_verified = @dkim, advanced_verified = @advanced, modified_at = @now
                        where id = @id
                        returning {Columns}
                        """,
                        new { id, dkim = verification.Dkim, advanced = verification.Advanced, now = time.GetUtcNow() },
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

    private Task PublishAsync(NpgsqlConnection connection, Domain domain, CancellationToken cancellationToken)
        => DirectoryOutbox.AppendAsync(
            connection,
            DirectoryKeys.Domain(domain.Id),
            DirectoryValue.Of(domain.ToEntry(), ContractsJsonContext.Default.DomainEntry),
            time.GetUtcNow(),
            cancellationToken);
}
