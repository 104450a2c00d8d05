using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;

namespace MailPace.Storage.Accounts;

public sealed class Organisations(Database database, TimeProvider time)
{
    /// <summary>Enumerations read by Dapper have no underscores.</summary>
    internal const string Columns = "id, name, replace(status, '_', '') as status, created_at, modified_at";

    public Task<Organisation> AddAsync(string name, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var added = await connection.QuerySingleAsync<Organisation>(new CommandDefinition(
                    $"""
                    insert into organisations (name, created_at, modified_at)
                    values (@name, @now, @now)
                    returning {Columns}
                    """,
                    new { name, now = time.GetUtcNow() },
                    cancellationToken: cancellationToken));
                await PublishAsync(connection, added, cancellationToken);
                return added;
            },
            cancellationToken);

    public async Task<IReadOnlyList<Organisation>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<Organisation>(new CommandDefinition(
            $"select {Columns} from organisations order by id", cancellationToken: cancellationToken))];
    }

    public async Task<Organisation?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Organisation>(new CommandDefinition(
            $"select {Columns} from organisations where id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>The oldest organisation of that name; names need not be unique.</summary>
    public async Task<Organisation?> FindByNameAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<Organisation>(new CommandDefinition(
            $"select {Columns} from organisations where name = @name order by id limit 1", new { name }, cancellationToken: cancellationToken));
    }

    /// <summary>The changed organisation; null when there is none of that id.</summary>
    public Task<Organisation?> SetStatusAsync(long id, OrganisationStatus status, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var changed = await connection.QuerySingleOrDefaultAsync<Organisation>(new CommandDefinition(
                    $"""
                    update organisations set status = @status, modified_at = @now
                    where id = @id
                    returning {Columns}
                    """,
                    new { id, status = NameOf(status), now = time.GetUtcNow() },
                    cancellationToken: cancellationToken));
                if (changed is not null)
                {
                    await PublishAsync(connection, changed, cancellationToken);
                }

                return changed;
            },
            cancellationToken);

    /// <summary>Whose Block List a bounce or a complaint fills, and for how many days; null: for ever.</summary>
    public async Task SetSuppressionsAsync(long id, SuppressionScope scope, int? days, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update organisations set suppression_scope = @scope, suppression_days = @days, modified_at = @now where id = @id",
            new { id, scope = scope == SuppressionScope.Domain ? "domain" : "organisation", days, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    /// <summary>Where its owner is told what needs a hand.</summary>
    public async Task SetContactAsync(long id, string? address, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update organisations set contact_address = @address, modified_at = @now where id = @id",
            new { id, address, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    private Task PublishAsync(Npgsql.NpgsqlConnection connection, Organisation organisation, CancellationToken cancellationToken)
        => DirectoryOutbox.AppendAsync(
            connection,
            DirectoryKeys.Organisation(organisation.Id),
            DirectoryValue.Of(organisation.ToEntry(), ContractsJsonContext.Default.OrganisationEntry),
            time.GetUtcNow(),
            cancellationToken);

    private static string NameOf(OrganisationStatus status) => status switch
    {
        OrganisationStatus.Active => "active",
        OrganisationStatus.NoPlan => "no_plan",
        OrganisationStatus.Suspended => "suspended",
    };
}
