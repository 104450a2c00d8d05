using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;

namespace MailPace.Storage.Accounts;

public sealed class Suppressions(Database database, TimeProvider time)
{
    internal const string Columns = "domain_id, address, reason, created_at";

    /// <summary>False when the address is suppressed already; the first reason stays.</summary>
    public Task<bool> AddAsync(long domainId, string address, string reason, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var added = await connection.ExecuteAsync(new CommandDefinition(
                    """
                    insert into suppressions (domain_id, address, reason, created_at)
                    values (@domainId, @address, @reason, @now)
                    on conflict (domain_id, address) do nothing
                    """,
                    new { domainId, address = Normalise(address), reason, now = time.GetUtcNow() },
                    cancellationToken: cancellationToken));
                if (added == 0)
                {
                    return false;
                }

                var entry = new SuppressionEntry { DomainId = domainId, Reason = reason };
                await DirectoryOutbox.AppendAsync(
                    connection,
                    DirectoryKeys.Suppression(domainId, address),
                    DirectoryValue.Of(entry, ContractsJsonContext.Default.SuppressionEntry),
                    time.GetUtcNow(),
                    cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>False when the address was not suppressed.</summary>
    public Task<bool> RemoveAsync(long domainId, string address, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var removed = await connection.ExecuteAsync(new CommandDefinition(
                    "delete from suppressions where domain_id = @domainId and address = @address",
                    new { domainId, address = Normalise(address) },
                    cancellationToken: cancellationToken));
                if (removed == 0)
                {
                    return false;
                }

                await DirectoryOutbox.AppendAsync(
                    connection, DirectoryKeys.Suppression(domainId, address), value: null, time.GetUtcNow(), cancellationToken);
                return true;
            },
            cancellationToken);

    public async Task<IReadOnlyList<Suppression>> ListAsync(long domainId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<Suppression>(new CommandDefinition(
            $"select {Columns} from suppressions where domain_id = @domainId order by created_at, address",
            new { domainId },
            cancellationToken: cancellationToken))];
    }

    private static string Normalise(string address) => address.ToLowerInvariant();
}
