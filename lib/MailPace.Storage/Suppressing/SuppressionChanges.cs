using Dapper;
using MailPace.Contracts.Directory;
using Npgsql;
using NpgsqlTypes;

namespace MailPace.Storage.Suppressing;

/// <summary>Imports, exports and what undoes them. Rows stream: a million take no more memory than their digests.</summary>
public sealed class SuppressionChanges(Database database, TimeProvider time)
{
    private const string Columns = "id, list, kind, made_by, made_at, addresses, undone_by";

    /// <summary>Adds what isn't listed yet, in one transaction; addresses are valid and may repeat.</summary>
    public async Task<SuppressionChange> ImportAsync(
        ListOwner owner, AddressList list, IAsyncEnumerable<NewSuppression> entries, string madeBy, CancellationToken cancellationToken)
        => await database.InTransactionAsync(
            async connection =>
            {
                var now = time.GetUtcNow();
                await ExecuteAsync(
                    connection, "create temporary table importing (position bigint, address text, reason text, expires_at timestamptz) on commit drop", new { }, cancellationToken);
                var digests = await CopyAsync(connection, entries, cancellationToken);
                var changeId = await SuppressionTables.AddChangeAsync(connection, owner, list, "imported", madeBy, now, cancellationToken);
                var added = await connection.ExecuteAsync(new CommandDefinition(
                    $"""
                    insert into {SuppressionTables.Of(list)} (domain_id, organisation_id, address, reason, created_at, expires_at, change_id)
                    select @domainId, @organisationId, address, reason, @now, expires_at, @changeId from importing order by position
                    on conflict do nothing
                    """,
                    new { domainId = owner.DomainId, organisationId = owner.OrganisationId, now, changeId },
                    commandTimeout: 0,
                    cancellationToken: cancellationToken));
                await SuppressionTables.CountAsync(connection, changeId, added, cancellationToken);

                // Also those that were listed: saying it once more changes nothing.
                await SuppressionTables.PublishAsync(connection, SuppressionTables.Adding(list), digests.Select(digest => (owner, digest)), now, cancellationToken);
                return await FindAsync(connection, changeId, cancellationToken);
            },
            cancellationToken);

    /// <summary>The whole list, oldest first.</summary>
    public async IAsyncEnumerable<Suppression> ExportAsync(
        ListOwner owner, AddressList list, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await foreach (var row in connection.QueryUnbufferedAsync<Suppression>(
            $"select {SuppressionTables.Columns} from {SuppressionTables.Of(list)} where {SuppressionTables.OfOwner} order by id",
            Suppressions.OwnerParameters(owner),
            commandTimeout: 0).WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }

    /// <summary>Changes of one owner's lists, newest first.</summary>
    public async Task<IReadOnlyList<SuppressionChange>> ListAsync(ListOwner owner, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var parameters = Suppressions.OwnerParameters(owner);
        parameters.Add("limit", limit);
        return [.. await connection.QueryAsync<SuppressionChange>(new CommandDefinition(
            $"select {Columns} from suppression_changes where {SuppressionTables.OfOwner} order by id desc limit @limit",
            parameters,
            cancellationToken: cancellationToken))];
    }

    /// <summary>Takes a change back: what it added goes, what it removed comes again. Null when there is none, or it's undone already.</summary>
    public Task<SuppressionChange?> UndoAsync(ListOwner owner, long changeId, string madeBy, CancellationToken cancellationToken)
        => database.InTransactionAsync(
            async connection =>
            {
                var parameters = Suppressions.OwnerParameters(owner);
                parameters.Add("changeId", changeId);
                var change = await connection.QuerySingleOrDefaultAsync<SuppressionChange>(new CommandDefinition(
                    $"select {Columns} from suppression_changes where id = @changeId and {SuppressionTables.OfOwner} and undone_by is null for update",
                    parameters,
                    cancellationToken: cancellationToken));
                return change is null ? null : await UndoAsync(connection, owner, change, madeBy, cancellationToken);
            },
            cancellationToken);

    private async Task<SuppressionChange?> UndoAsync(
        NpgsqlConnection connection, ListOwner owner, SuppressionChange change, string madeBy, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var list = SuppressionTables.ListOf(change.List);
        var undoing = await SuppressionTables.AddChangeAsync(connection, owner, list, "undone", madeBy, now, cancellationToken);
        var removed = await SuppressionTables.RemoveAsync(
            connection, list, undoing, "change_id = @changeId", new DynamicParameters(new { changeId = change.Id }), cancellationToken);

        // What comes back belongs to the undoing: undone in its turn, it goes again.
        var restored = (await connection.QueryAsync<string>(new CommandDefinition(
            $"""
            insert into {SuppressionTables.Of(list)}
            select (jsonb_populate_record(null::{SuppressionTables.Of(list)}, entry || jsonb_build_object('change_id', @undoing))).*
            from removed_suppressions
            where change_id = @changeId
            on conflict do nothing
            returning address
            """,
            new { changeId = change.Id, undoing },
            commandTimeout: 0,
            cancellationToken: cancellationToken))).AsList();
        await ExecuteAsync(connection, "update suppression_changes set undone_by = @undoing where id = @id", new { undoing, id = change.Id }, cancellationToken);
        await SuppressionTables.CountAsync(connection, undoing, removed.Count + restored.Count, cancellationToken);
        await SuppressionTables.PublishAsync(connection, SuppressionTables.Removing(list), removed.Select(address => (owner, AddressDigest.Of(address))), now, cancellationToken);
        await SuppressionTables.PublishAsync(connection, SuppressionTables.Adding(list), restored.Select(address => (owner, AddressDigest.Of(address))), now, cancellationToken);
        return await FindAsync(connection, undoing, cancellationToken);
    }

    private static async Task<List<UInt128>> CopyAsync(NpgsqlConnection connection, IAsyncEnumerable<NewSuppression> entries, CancellationToken cancellationToken)
    {
        var digests = new List<UInt128>();
        await using var rows = await connection.BeginBinaryImportAsync("copy importing (position, address, reason, expires_at) from stdin (format binary)", cancellationToken);
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            var address = SuppressionTables.Normalise(entry.Address);
            await rows.StartRowAsync(cancellationToken);
            await rows.WriteAsync((long)digests.Count, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(address, NpgsqlDbType.Text, cancellationToken);
            await rows.WriteAsync(entry.Reason, NpgsqlDbType.Text, cancellationToken);
            if (entry.ExpiresAt is { } expiry)
            {
                await rows.WriteAsync(expiry.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            }
            else
            {
                await rows.WriteNullAsync(cancellationToken);
            }

            digests.Add(AddressDigest.Of(address));
        }

        await rows.CompleteAsync(cancellationToken);
        return digests;
    }

    private static Task<SuppressionChange> FindAsync(NpgsqlConnection connection, long id, CancellationToken cancellationToken)
        => connection.QuerySingleAsync<SuppressionChange>(new CommandDefinition(
            $"select {Columns} from suppression_changes where id = @id", new { id }, cancellationToken: cancellationToken));

    private static Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, object parameters, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
}
