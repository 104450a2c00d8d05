using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;
using MailPace.Storage.Suppressing;
using MailPace.Storage.Webhooks;
using Npgsql;

namespace MailPace.Storage.Directory;

/// <summary>
/// Changes of accounts on their way to the bucket <c>directory</c>. A row is written in the transaction that makes the
/// change, after the row lock of what it changes: so rows of one key stand in the order of their commits. A row is
/// deleted when the bucket has it, never skipped by a cursor: a lower id may commit later.
/// </summary>
public sealed class DirectoryOutbox(Database database)
{
    /// <summary>Channel that is notified when rows were committed.</summary>
    public const string Channel = "mailpace_directory";

    internal static Task AppendAsync(NpgsqlConnection connection, string key, string? value, DateTimeOffset now, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(
            """
            insert into directory_outbox (key, value, created_at) values (@key, @value, @now);
            notify mailpace_directory;
            """,
            new { key, value, now },
            cancellationToken: cancellationToken));

    /// <summary>
    /// Hands the oldest rows to <paramref name="publish"/> in order and deletes them when it returns; answers how many.
    /// When it fails they stay and come again.
    /// </summary>
    public Task<int> DrainAsync(int limit, Func<OutboxEntry, CancellationToken, Task> publish, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                await LockAsync(connection, cancellationToken);
                var entries = (await connection.QueryAsync<OutboxEntry>(new CommandDefinition(
                    "select id, key, value from directory_outbox order by id limit @limit",
                    new { limit },
                    cancellationToken: cancellationToken))).AsList();
                foreach (var entry in entries)
                {
                    await publish(entry, cancellationToken);
                }

                await DeleteAsync(connection, entries, cancellationToken);
                return entries.Count;
            },
            cancellationToken);

    /// <summary>
    /// Hands everything that the bucket should hold to <paramref name="publish"/>, as one snapshot that no feed overtakes.
    /// Rows that wait are part of the snapshot and are done with it. The second argument is that of the suppressions, in order.
    /// </summary>
    public async Task<int> ResyncAsync(
        Func<IReadOnlyDictionary<string, string>, IReadOnlyList<string>, CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken);
        await LockAsync(connection, cancellationToken);

        // Read the waiting rows first: whatever they say is in the tables read after them.
        var waiting = (await connection.QueryAsync<OutboxEntry>(new CommandDefinition(
            "select id, key, value from directory_outbox", cancellationToken: cancellationToken))).AsList();
        var entries = await ReadAllAsync(connection, cancellationToken);
        await publish(entries, await Suppressions.SnapshotAsync(connection, cancellationToken), cancellationToken);
        await DeleteAsync(connection, waiting, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return entries.Count;
    }

    /// <summary>Hands a snapshot of the suppressions to <paramref name="publish"/>, which no feed overtakes.</summary>
    public Task<int> SnapshotSuppressionsAsync(Func<IReadOnlyList<string>, CancellationToken, Task> publish, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                await LockAsync(connection, cancellationToken);

                // What waits in the outbox is in the tables; published after the snapshot it says the same once more.
                var snapshot = await Suppressions.SnapshotAsync(connection, cancellationToken);
                await publish(snapshot, cancellationToken);
                return snapshot.Count;
            },
            cancellationToken);

    private static Task<int> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(@key)", new { key = AdvisoryLocks.DirectoryFeed }, cancellationToken: cancellationToken));

    private static Task<int> DeleteAsync(NpgsqlConnection connection, List<OutboxEntry> entries, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(
            "delete from directory_outbox where id = any(@ids)",
            new { ids = entries.Select(e => e.Id).ToArray() },
            cancellationToken: cancellationToken));

    private static async Task<Dictionary<string, string>> ReadAllAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var organisation in await ReadAsync<Organisation>($"select {Organisations.Columns} from organisations"))
        {
            entries[DirectoryKeys.Organisation(organisation.Id)] = DirectoryValue.Of(organisation.ToEntry(), ContractsJsonContext.Default.OrganisationEntry);
        }

        var domains = (await ReadAsync<Domain>($"select {Domains.Columns} from domains")).ToDictionary(d => d.Id);
        foreach (var domain in domains.Values)
        {
            entries[DirectoryKeys.Domain(domain.Id)] = DirectoryValue.Of(domain.ToEntry(), ContractsJsonContext.Default.DomainEntry);
        }

        foreach (var token in await ReadAsync<ApiToken>($"select {ApiTokens.Columns} from api_tokens where revoked_at is null"))
        {
            entries[DirectoryKeys.Token(token.SecretHash)] = DirectoryValue.Of(token.ToEntry(), ContractsJsonContext.Default.TokenEntry);
        }

        var keys = await ReadAsync<DkimKey>($"select {DkimKeys.Columns} from dkim_keys where {DkimKeys.IsSigning} order by id");
        foreach (var ofDomain in keys.GroupBy(k => k.DomainId).Where(g => domains.ContainsKey(g.Key)))
        {
            var entry = new DkimKeysEntry
            {
                DomainId = ofDomain.Key,
                Domain = domains[ofDomain.Key].Name,
                Keys = [.. ofDomain.Select(k => k.ToEntry())],
            };
            entries[DirectoryKeys.Dkim(ofDomain.Key)] = DirectoryValue.Of(entry, ContractsJsonContext.Default.DkimKeysEntry);
        }

        foreach (var endpoint in await ReadAsync<InboundEndpoint>($"select {InboundEndpoints.Columns} from inbound_endpoints"))
        {
            entries[DirectoryKeys.Inbound(endpoint.Host)] = DirectoryValue.Of(endpoint.ToEntry(), ContractsJsonContext.Default.InboundEndpointEntry);
        }

        foreach (var webhooks in await WebhookEndpoints.ReadEntriesAsync(connection, cancellationToken))
        {
            entries[DirectoryKeys.Webhooks(webhooks.DomainId)] = DirectoryValue.Of(webhooks, ContractsJsonContext.Default.WebhooksEntry);
        }

        return entries;

        async Task<IEnumerable<T>> ReadAsync<T>(string sql)
            => await connection.QueryAsync<T>(new CommandDefinition(sql, cancellationToken: cancellationToken));
    }
}
