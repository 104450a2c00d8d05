using Dapper;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;
using Npgsql;

namespace MailPace.Storage.Webhooks;

/// <summary>Endpoints and signing keys. All of a domain's stand under one key of the directory.</summary>
public sealed class WebhookEndpoints(Database database, TimeProvider time)
{
    internal const string Columns = "id, domain_id, url, events, sealed_secret, created_at, modified_at, failing_since, failures, paused_at, paused_reason";

    /// <summary>The domain's key; <paramref name="candidate"/> becomes it when there is none.</summary>
    public async Task<WebhookKey> EnsureKeyAsync(long domainId, WebhookKey candidate, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into webhook_keys (domain_id, public_key, sealed_private_key, created_at)
            values (@domainId, @PublicKey, @SealedPrivateKey, @now)
            on conflict (domain_id) do nothing
            """,
            new { domainId, candidate.PublicKey, candidate.SealedPrivateKey, now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        return (await FindKeyAsync(domainId, cancellationToken))!;
    }

    public async Task<WebhookKey?> FindKeyAsync(long domainId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<WebhookKey>(new CommandDefinition(
            "select public_key, sealed_private_key from webhook_keys where domain_id = @domainId", new { domainId }, cancellationToken: cancellationToken));
    }

    /// <summary>Adds an endpoint; the domain has its key already.</summary>
    public Task<WebhookEndpoint> AddAsync(long domainId, string url, IReadOnlyList<string> events, string sealedSecret, CancellationToken cancellationToken)
        => ChangeAsync(
            domainId,
            connection => connection.QuerySingleAsync<WebhookEndpoint>(new CommandDefinition(
                $"""
                insert into webhook_endpoints (domain_id, url, events, sealed_secret, created_at, modified_at)
                values (@domainId, @url, @events, @sealedSecret, @now, @now)
                returning {Columns}
                """,
                new { domainId, url, events = events.ToArray(), sealedSecret, now = time.GetUtcNow() },
                cancellationToken: cancellationToken)),
            cancellationToken);

    /// <summary>Endpoints of a domain, or of all.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(long? domainId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await SelectAsync(connection, domainId, cancellationToken);
    }

    public async Task<WebhookEndpoint?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(new CommandDefinition(
            $"select {Columns} from webhook_endpoints where id = @id and removed_at is null", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Which events it gets from now on; empty: all.</summary>
    public Task<WebhookEndpoint?> SetEventsAsync(WebhookEndpoint endpoint, IReadOnlyList<string> events, CancellationToken cancellationToken)
        => UpdateAsync(endpoint, "events = @events", new { endpoint.Id, events = events.ToArray(), now = time.GetUtcNow() }, cancellationToken);

    /// <summary>Nothing is posted until it's resumed; what would be is kept.</summary>
    public Task<WebhookEndpoint?> PauseAsync(WebhookEndpoint endpoint, string reason, CancellationToken cancellationToken)
        => UpdateAsync(
            endpoint, "paused_at = coalesce(paused_at, @now), paused_reason = @reason, notified_at = @now", new { endpoint.Id, reason, now = time.GetUtcNow() }, cancellationToken);

    public Task<WebhookEndpoint?> ResumeAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
        => UpdateAsync(
            endpoint, "paused_at = null, paused_reason = null, notified_at = null, failing_since = null, failures = 0", new { endpoint.Id, now = time.GetUtcNow() }, cancellationToken);

    /// <summary>Removes it with all that waits for it.</summary>
    public Task<WebhookEndpoint?> RemoveAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
        => UpdateAsync(endpoint, "removed_at = @now", new { endpoint.Id, now = time.GetUtcNow() }, cancellationToken);

    /// <summary>Notes what attempts say of their endpoints, and pauses those that failed for longer than <paramref name="patience"/> with not one success.</summary>
    /// <returns>Those that were paused now.</returns>
    public async Task<IReadOnlyList<long>> NoteAsync(
        IReadOnlyCollection<long> succeeded, IReadOnlyDictionary<long, int> failed, TimeSpan patience, int leastFailures, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await database.InTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "update webhook_endpoints set failing_since = null, failures = 0 where id = any(@ids) and failing_since is not null",
                    new { ids = succeeded.ToArray() },
                    cancellationToken: cancellationToken));
                return (await connection.QueryAsync<WebhookEndpoint>(new CommandDefinition(
                    $"""
                    with noted as (
                        update webhook_endpoints e set failing_since = coalesce(e.failing_since, @now), failures = e.failures + f.failures
                        from unnest(@ids, @counts) as f (id, failures)
                        where e.id = f.id and e.removed_at is null
                        returning e.*)
                    select {Columns} from noted where paused_at is null and failing_since <= @due and failures >= @leastFailures
                    """,
                    new { now, due = now - patience, leastFailures, ids = failed.Keys.ToArray(), counts = failed.Values.ToArray() },
                    cancellationToken: cancellationToken))).AsList();
            },
            cancellationToken);
        foreach (var endpoint in due)
        {
            var reason = FormattableString.Invariant($"no attempt succeeded since {endpoint.FailingSince:u}, {endpoint.Failures} failed");
            await UpdateAsync(endpoint, "paused_at = coalesce(paused_at, @now), paused_reason = coalesce(paused_reason, @reason)", new { endpoint.Id, reason, now }, cancellationToken);
        }

        return [.. due.Select(static endpoint => endpoint.Id)];
    }

    /// <summary>Endpoints that failed and were paused, whose owners don't know it yet.</summary>
    public async Task<IReadOnlyList<PausedEndpoint>> ListToNotifyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<PausedEndpoint>(new CommandDefinition(
            """
            select e.id, d.name as domain, e.url, e.paused_reason, e.paused_at, o.contact_address
            from webhook_endpoints e
            join domains d on d.id = e.domain_id
            join organisations o on o.id = d.organisation_id
            where e.paused_at is not null and e.notified_at is null and e.removed_at is null
            """,
            cancellationToken: cancellationToken))];
    }

    public async Task SetNotifiedAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update webhook_endpoints set notified_at = @now where id = @id", new { id, now = time.GetUtcNow() }, cancellationToken: cancellationToken));
    }

    /// <summary>Every domain's entry of the directory.</summary>
    internal static async Task<IReadOnlyList<WebhooksEntry>> ReadEntriesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var keys = (await connection.QueryAsync<(long DomainId, string SealedPrivateKey)>(new CommandDefinition(
            "select domain_id, sealed_private_key from webhook_keys", cancellationToken: cancellationToken))).ToDictionary(static key => key.DomainId, static key => key.SealedPrivateKey);
        return [.. (await SelectAsync(connection, null, cancellationToken))
            .GroupBy(static endpoint => endpoint.DomainId)
            .Select(domain => EntryOf(domain.Key, keys[domain.Key], domain))];
    }

    private static WebhooksEntry EntryOf(long domainId, string sealedPrivateKey, IEnumerable<WebhookEndpoint> endpoints)
        => new() { DomainId = domainId, SealedPrivateKey = sealedPrivateKey, Endpoints = [.. endpoints.Select(static endpoint => endpoint.ToEntry())] };

    private static async Task<IReadOnlyList<WebhookEndpoint>> SelectAsync(NpgsqlConnection connection, long? domainId, CancellationToken cancellationToken)
        => (await connection.QueryAsync<WebhookEndpoint>(new CommandDefinition(
            $"select {Columns} from webhook_endpoints where removed_at is null and (@domainId::bigint is null or domain_id = @domainId) order by id",
            new { domainId },
            cancellationToken: cancellationToken))).AsList();

    private Task<WebhookEndpoint?> UpdateAsync(WebhookEndpoint endpoint, string assignments, object parameters, CancellationToken cancellationToken)
        => ChangeAsync(
            endpoint.DomainId,
            connection => connection.QuerySingleOrDefaultAsync<WebhookEndpoint>(new CommandDefinition(
                $"update webhook_endpoints set {assignments}, modified_at = @now where id = @Id and removed_at is null returning {Columns}",
                parameters,
                cancellationToken: cancellationToken)),
            cancellationToken);

    /// <summary>Changes something of a domain's endpoints, one change after the other, and tells the directory.</summary>
    private Task<T> ChangeAsync<T>(long domainId, Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var sealedPrivateKey = await connection.QuerySingleAsync<string>(new CommandDefinition(
                    "select sealed_private_key from webhook_keys where domain_id = @domainId for update", new { domainId }, cancellationToken: cancellationToken));
                var result = await change(connection);
                var endpoints = await SelectAsync(connection, domainId, cancellationToken);
                var value = endpoints.Count == 0
                    ? null
                    : DirectoryValue.Of(EntryOf(domainId, sealedPrivateKey, endpoints), ContractsJsonContext.Default.WebhooksEntry);
                await DirectoryOutbox.AppendAsync(connection, DirectoryKeys.Webhooks(domainId), value, time.GetUtcNow(), cancellationToken);
                return result;
            },
            cancellationToken);
}
