using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;
using Npgsql;

namespace MailPace.Storage.Accounts;

/// <summary>DKIM keys, private parts sealed. A domain's current keys stand under one key of the directory, so that they change together.</summary>
public sealed class DkimKeys(Database database, TimeProvider time)
{
    internal const string Columns = "id, domain_id, selector, replace(algorithm, '_', '') as algorithm, public_key, sealed_private_key, created_at, retired_at";

    /// <summary>Makes these the domain's only signing keys and retires the ones before; false when there is no such domain.</summary>
    public Task<bool> ReplaceAsync(long domainId, IReadOnlyList<DkimKeyEntry> keys, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                // The row lock puts concurrent replacements, and their outbox rows, in one order.
                var domain = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                    "select name from domains where id = @domainId for update", new { domainId }, cancellationToken: cancellationToken));
                if (domain is null)
                {
                    return false;
                }

                var now = time.GetUtcNow();
                await connection.ExecuteAsync(new CommandDefinition(
                    "update dkim_keys set retired_at = @now where domain_id = @domainId and retired_at is null",
                    new { domainId, now },
                    cancellationToken: cancellationToken));
                foreach (var key in keys)
                {
                    await InsertAsync(connection, domainId, key, now, cancellationToken);
                }

                var entry = new DkimKeysEntry { DomainId = domainId, Domain = domain, Keys = keys };
                await DirectoryOutbox.AppendAsync(
                    connection,
                    Contracts.Directory.DirectoryKeys.Dkim(domainId),
                    DirectoryValue.Of(entry, ContractsJsonContext.Default.DkimKeysEntry),
                    now,
                    cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>All keys of a domain, retired ones last.</summary>
    public async Task<IReadOnlyList<DkimKey>> ListAsync(long domainId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<DkimKey>(new CommandDefinition(
            $"select {Columns} from dkim_keys where domain_id = @domainId order by retired_at desc nulls first, id",
            new { domainId },
            cancellationToken: cancellationToken))];
    }

    private static Task<int> InsertAsync(NpgsqlConnection connection, long domainId, DkimKeyEntry key, DateTimeOffset now, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(
            """
            insert into dkim_keys (domain_id, selector, algorithm, public_key, sealed_private_key, created_at)
            values (@domainId, @Selector, @algorithm, @PublicKey, @SealedPrivateKey, @now)
            """,
            new { domainId, key.Selector, algorithm = NameOf(key.Algorithm), key.PublicKey, key.SealedPrivateKey, now },
            cancellationToken: cancellationToken));

    private static string NameOf(DkimAlgorithm algorithm) => algorithm switch
    {
        DkimAlgorithm.RsaSha256 => "rsa_sha256",
        DkimAlgorithm.Ed25519Sha256 => "ed25519_sha256",
    };
}
