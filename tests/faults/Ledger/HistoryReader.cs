using MailPace.Contracts;
using Npgsql;

namespace MailPace.Faults.Ledger;

/// <summary>Reads history from PostgreSQL.</summary>
internal sealed class HistoryReader(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    /// <summary>Emails that history has, and recipients that have no final state.</summary>
    public async Task<(long Emails, long Open)> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(
            "select (select count(*) from emails), (select count(*) from recipients where state in ('queued', 'deferred'))");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    public async Task<IReadOnlyList<RecordedEmail>> ReadAsync(CancellationToken cancellationToken)
    {
        // An attempt has a reason when the connection was lost after the end of the data: it is uncertain as much as a repeat is.
        // An event that was published again because its acknowledgement got lost may stand twice, with the same moment: it is one.
        await using var command = _source.CreateCommand(
            """
            select e.id, e.subject, e.message_id, r.address, r.state,
                   (select count(distinct (a.kind, a.attempt, a.at)) from delivery_attempts a
                    where a.email_id = e.id and a.accepted_at = e.accepted_at and a.job_number = r.job_number
                      and (a.kind = 'uncertain' or (a.kind = 'attempted' and a.reason is not null and a.ordinal = r.ordinal))),
                   (select count(*) from delivery_attempts a
                    where a.email_id = e.id and a.accepted_at = e.accepted_at and a.job_number = r.job_number and a.kind = 'redriven'),
                   array(select state from (
                      select distinct a.attempt, a.at, a.state from delivery_attempts a
                      where a.email_id = e.id and a.accepted_at = e.accepted_at and a.ordinal = r.ordinal and a.kind = 'attempted'
                        and a.state not in ('queued', 'deferred')) final
                    order by at)
            from emails e join recipients r on r.email_id = e.id and r.accepted_at = e.accepted_at
            order by e.id, r.ordinal
            """);
        command.CommandTimeout = 120;
        var rows = new List<(long Id, string Marker, string MessageId, RecordedRecipient Recipient)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetInt64(0), await TextAsync(reader, 1, cancellationToken), reader.GetString(2), new RecordedRecipient
            {
                Address = reader.GetString(3),
                State = StateOf(reader.GetString(4)),
                Uncertain = (int)reader.GetInt64(5),
                Redriven = (int)reader.GetInt64(6),
                FinalOutcomes = [.. reader.GetFieldValue<string[]>(7).Select(StateOf)],
            }));
        }

        return [.. rows.GroupBy(static row => row.Id).Select(static group => new RecordedEmail
        {
            Id = group.Key,
            Marker = group.First().Marker,
            MessageId = group.First().MessageId,
            Recipients = [.. group.Select(static row => row.Recipient)],
        })];
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static RecipientState StateOf(string word) => Enum.Parse<RecipientState>(word, ignoreCase: true);

    private static async Task<string> TextAsync(NpgsqlDataReader reader, int column, CancellationToken cancellationToken)
        => await reader.IsDBNullAsync(column, cancellationToken) ? "" : reader.GetString(column);
}
