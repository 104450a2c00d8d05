using Dapper;
using MailPace.Contracts.Directory;
using MailPace.Storage.Directory;
using Npgsql;

namespace MailPace.Storage.Suppressing;

/// <summary>What all that writes the lists shares: names, and the way into the directory.</summary>
internal static class SuppressionTables
{
    public const string Columns = "id, domain_id, organisation_id, address, reason, reply_code, reply_enhanced, reply_text, email_id, event, created_at, expires_at";

    /// <summary>Rows of one owner.</summary>
    public const string OfOwner = "(domain_id = @domainId::bigint or organisation_id = @organisationId::bigint)";

    public static string Of(AddressList list) => list switch
    {
        AddressList.Block => "suppressions",
        AddressList.Allow => "allowed_addresses",
    };

    public static string WordOf(AddressList list) => list switch
    {
        AddressList.Block => "block",
        AddressList.Allow => "allow",
    };

    public static AddressList ListOf(string word) => word == "allow" ? AddressList.Allow : AddressList.Block;

    public static SuppressionAction Adding(AddressList list) => list switch
    {
        AddressList.Block => SuppressionAction.Block,
        AddressList.Allow => SuppressionAction.Allow,
    };

    public static SuppressionAction Removing(AddressList list) => list switch
    {
        AddressList.Block => SuppressionAction.Unblock,
        AddressList.Allow => SuppressionAction.Disallow,
    };

    public static string Normalise(string address) => address.ToLowerInvariant();

    /// <summary>Writes what was done into the outbox, in as few rows as it takes.</summary>
    public static async Task PublishAsync(
        NpgsqlConnection connection, SuppressionAction action, IEnumerable<(ListOwner Owner, UInt128 Digest)> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var chunk in changed.Chunk(SuppressionLog.MaxDigests))
        {
            var groups = chunk.GroupBy(static each => each.Owner).Select(owner => new SuppressionGroup(action, owner.Key, [.. owner.Select(static each => each.Digest)]));
            await DirectoryOutbox.AppendAsync(connection, DirectoryKeys.NewSuppressions(), SuppressionLog.Write(SnapshotPart.None, groups), now, cancellationToken);
        }
    }

    public static Task<long> AddChangeAsync(
        NpgsqlConnection connection, ListOwner owner, AddressList list, string kind, string madeBy, DateTimeOffset now, CancellationToken cancellationToken)
        => connection.QuerySingleAsync<long>(new CommandDefinition(
            """
            insert into suppression_changes (domain_id, organisation_id, list, kind, made_by, made_at)
            values (@domainId, @organisationId, @list, @kind, @madeBy, @now)
            returning id
            """,
            new { domainId = owner.DomainId, organisationId = owner.OrganisationId, list = WordOf(list), kind, madeBy, now },
            cancellationToken: cancellationToken));

    public static Task CountAsync(NpgsqlConnection connection, long changeId, long addresses, CancellationToken cancellationToken)
        => connection.ExecuteAsync(new CommandDefinition(
            "update suppression_changes set addresses = @addresses where id = @changeId", new { changeId, addresses }, cancellationToken: cancellationToken));

    /// <summary>Removes rows and keeps them with the change; answers their addresses.</summary>
    public static async Task<IReadOnlyList<string>> RemoveAsync(
        NpgsqlConnection connection, AddressList list, long changeId, string condition, DynamicParameters parameters, CancellationToken cancellationToken)
    {
        parameters.Add("removal", changeId);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            $"""
            with gone as (delete from {Of(list)} where {condition} returning *)
            insert into removed_suppressions (change_id, address, entry)
            select @removal, address, to_jsonb(gone) from gone
            returning address
            """,
            parameters,
            commandTimeout: 0,
            cancellationToken: cancellationToken))).AsList();
    }
}
