using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;
using Npgsql;

namespace MailPace.Storage.Accounts;

/// <summary>
/// DKIM keys, private parts sealed. New keys of a domain that signs already are prepared first and activated later, when
/// their records are published. The signing keys stand under one key of the directory, so that they change together.
/// </summary>
public sealed class DkimKeys(Database database, TimeProvider time)
{
    internal const string Columns = "id, domain_id, selector, replace(algorithm, '_', '') as algorithm, public_key, sealed_private_key, created_at, activated_at, retired_at";

    internal const string IsSigning = "activated_at is not null and retired_at is null";

    private const string IsPrepared = "activated_at is null and retired_at is null";

    /// <summary>Adds keys: the first ones of a domain sign at once, later ones are prepared.</summary>
    public Task<KeyAddition> AddAsync(long domainId, IReadOnlyList<DkimKeyEntry> keys, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                if (await LockAsync(connection, domainId, cancellationToken) is not { } domain)
                {
                    return KeyAddition.NoSuchDomain;
                }

                if ((await SelectAsync(connection, domainId, IsPrepared, cancellationToken)).Count > 0)
                {
                    return KeyAddition.OthersPrepared;
                }

                var now = time.GetUtcNow();
                var areFirst = (await SelectAsync(connection, domainId, IsSigning, cancellationToken)).Count == 0;
                foreach (var key in keys)
                {
                    await InsertAsync(connection, domainId, key, now, areFirst ? now : null, cancellationToken);
                }

                if (!areFirst)
                {
                    return KeyAddition.Prepared;
                }

                await PublishAsync(connection, domainId, domain, now, cancellationToken);
                return KeyAddition.Signing;
            },
            cancellationToken);

    /// <summary>Lets these prepared keys sign and retires the ones before; false when they aren't the domain's prepared keys any more.</summary>
    public Task<bool> ActivateAsync(long domainId, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var domain = await LockAsync(connection, domainId, cancellationToken);
                var prepared = await SelectAsync(connection, domainId, IsPrepared, cancellationToken);
                if (domain is null || prepared.Count == 0 || !prepared.Select(key => key.Id).ToHashSet().SetEquals(ids))
                {
                    return false;
                }

                var now = time.GetUtcNow();
                await connection.ExecuteAsync(new CommandDefinition(
                    $"""
                    update dkim_keys set retired_at = @now where domain_id = @domainId and {IsSigning};
                    update dkim_keys set activated_at = @now where domain_id = @domainId and {IsPrepared};
                    """,
                    new { domainId, now },
                    cancellationToken: cancellationToken));
                await PublishAsync(connection, domainId, domain, now, cancellationToken);
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

    /// <summary>All keys of several domains, by the domain.</summary>
    public async Task<ILookup<long, DkimKey>> ListAsync(IReadOnlyCollection<long> domainIds, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<DkimKey>(new CommandDefinition(
            $"select {Columns} from dkim_keys where domain_id = any(@ids) order by retired_at desc nulls first, id",
            new { ids = domainIds.ToArray() },
            cancellationToken: cancellationToken))).ToLookup(static key => key.DomainId);
    }

    /// <summary>Name of the domain. The row lock puts concurrent changes of its keys, and their outbox rows, in one order.</summary>
    private static Task<string?> LockAsync(NpgsqlConnection connection, long domainId, CancellationToken cancellationToken)
        => connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "select name from domains where id = @domainId for update", new { domainId }, cancellationToken: cancellationToken));

    private static async Task<List<DkimKey>> SelectAsync(NpgsqlConnection connection, long domainId, string condition, CancellationToken cancellationToken)
        => (await connection.QueryAsync<DkimKey>(new CommandDefinition(
            $"select {Columns} from dkim_keys where domain_id = @domainId and {condition} order by id",
            new { domainId },
            cancellationToken: cancellationToken))).AsList();

    private static async Task PublishAsync(NpgsqlConnection connection, long domainId, string domain, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var signing = await SelectAsync(connection, domainId, IsSigning, cancellationToken);
        var entry = new DkimKeysEntry { DomainId = domainId, Domain = domain, Keys = [.. signing.Select(key => key.ToEntry())] };
        await DirectoryOutbox.AppendAsync(
            connection,
            Contracts.Directory.DirectoryKeys.Dkim(domainId),
            DirectoryValue.Of(entry, ContractsJsonContext.Default.DkimKeysEntry),
            now,
            cancellationToken);
    }

    private static Task<int> InsertAsync(
        NpgsqlConnection connection, long domainId, DkimKeyEntry key, DateTimeOffset now, DateTimeOffset? activatedAt, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(
            """
            insert into dkim_keys (domain_id, selector, algorithm, public_key, sealed_private_key, created_at, activated_at)
            values (@domainId, @Selector, @algorithm, @PublicKey, @SealedPrivateKey, @now, @activatedAt)
            """,
            new { domainId, key.Selector, algorithm = NameOf(key.Algorithm), key.PublicKey, key.SealedPrivateKey, now, activatedAt },
            cancellationToken: cancellationToken));

    private static string NameOf(DkimAlgorithm algorithm) => algorithm switch
    {
        DkimAlgorithm.RsaSha256 => "rsa_sha256",
        DkimAlgorithm.Ed25519Sha256 => "ed25519_sha256",
    };
}
