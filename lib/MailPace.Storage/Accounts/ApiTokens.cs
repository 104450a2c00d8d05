using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;

namespace MailPace.Storage.Accounts;

public sealed class ApiTokens(Database database, TimeProvider time)
{
    internal const string Columns = "id, organisation_id, domain_id, name, secret_hash, hint, created_at, revoked_at";

    public Task<ApiToken> AddAsync(NewApiToken token, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var added = await connection.QuerySingleAsync<ApiToken>(new CommandDefinition(
                    $"""
                    insert into api_tokens (organisation_id, domain_id, name, secret_hash, hint, created_at)
                    values (@OrganisationId, @DomainId, @Name, @SecretHash, @Hint, @now)
                    returning {Columns}
                    """,
                    new { token.OrganisationId, token.DomainId, token.Name, token.SecretHash, token.Hint, now = time.GetUtcNow() },
                    cancellationToken: cancellationToken));
                await DirectoryOutbox.AppendAsync(
                    connection,
                    DirectoryKeys.Token(added.SecretHash),
                    DirectoryValue.Of(added.ToEntry(), ContractsJsonContext.Default.TokenEntry),
                    time.GetUtcNow(),
                    cancellationToken);
                return added;
            },
            cancellationToken);

    /// <summary>Tokens of an organisation, or of everyone, revoked ones included.</summary>
    public async Task<IReadOnlyList<ApiToken>> ListAsync(long? organisationId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<ApiToken>(new CommandDefinition(
            $"""
            select {Columns} from api_tokens
            where @organisationId::bigint is null or organisation_id = @organisationId
            order by id
            """,
            new { organisationId },
            cancellationToken: cancellationToken))];
    }

    /// <summary>One page of a domain's valid tokens, the newest first.</summary>
    public async Task<IReadOnlyList<ApiToken>> ListOfDomainAsync(long domainId, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<ApiToken>(new CommandDefinition(
            $"""
            select {Columns} from api_tokens
            where domain_id = @domainId and revoked_at is null
            order by id desc
            limit @limit offset @offset
            """,
            new { domainId, limit, offset },
            cancellationToken: cancellationToken))];
    }

    /// <summary>A domain's valid token; null for what is another's, revoked or nobody's.</summary>
    public async Task<ApiToken?> FindAsync(long domainId, long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ApiToken>(new CommandDefinition(
            $"select {Columns} from api_tokens where id = @id and domain_id = @domainId and revoked_at is null",
            new { id, domainId },
            cancellationToken: cancellationToken));
    }

    /// <summary>The renamed token; null when the domain has no valid one of that id.</summary>
    public Task<ApiToken?> RenameAsync(long domainId, long id, string name, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var renamed = await connection.QuerySingleOrDefaultAsync<ApiToken>(new CommandDefinition(
                    $"""
                    update api_tokens set name = @name
                    where id = @id and domain_id = @domainId and revoked_at is null
                    returning {Columns}
                    """,
                    new { id, domainId, name },
                    cancellationToken: cancellationToken));
                if (renamed is not null)
                {
                    await DirectoryOutbox.AppendAsync(
                        connection,
                        DirectoryKeys.Token(renamed.SecretHash),
                        DirectoryValue.Of(renamed.ToEntry(), ContractsJsonContext.Default.TokenEntry),
                        time.GetUtcNow(),
                        cancellationToken);
                }

                return renamed;
            },
            cancellationToken);

    /// <summary>The token with that secret, unless it is revoked.</summary>
    public async Task<ApiToken?> FindByHashAsync(string secretHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ApiToken>(new CommandDefinition(
            $"select {Columns} from api_tokens where secret_hash = @secretHash and revoked_at is null",
            new { secretHash },
            cancellationToken: cancellationToken));
    }

    /// <summary>The revoked token; null when there is none of that id that is still valid.</summary>
    public Task<ApiToken?> RevokeAsync(long id, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var revoked = await connection.QuerySingleOrDefaultAsync<ApiToken>(new CommandDefinition(
                    $"""
                    update api_tokens set revoked_at = @now
                    where id = @id and revoked_at is null
                    returning {Columns}
                    """,
                    new { id, now = time.GetUtcNow() },
                    cancellationToken: cancellationToken));
                if (revoked is not null)
                {
                    await DirectoryOutbox.AppendAsync(
                        connection, DirectoryKeys.Token(revoked.SecretHash), value: null, time.GetUtcNow(), cancellationToken);
                }

                return revoked;
            },
            cancellationToken);
}
