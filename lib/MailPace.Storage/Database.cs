using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MailPace.Storage;

/// <summary>The pool of connections to PostgreSQL. Every session runs in UTC, because days name partitions.</summary>
public sealed class Database : IAsyncDisposable, IDisposable
{
    private readonly NpgsqlDataSource source;

    static Database() => DapperTypes.Register();

    public Database(IOptions<PostgresOptions> options, ILoggerFactory loggers)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString)
        {
            Timezone = "UTC",
            CommandTimeout = (int)options.Value.CommandTimeout.TotalSeconds,
            // A server that vanished without a word must not hold a session for the minutes TCP takes.
            KeepAlive = 10,
        };
        if (options.Value.Password is { Length: > 0 } password)
        {
            connection.Password = password;
        }

        if (string.IsNullOrEmpty(connection.ApplicationName))
        {
            connection.ApplicationName = "mailpace";
        }

        source = new NpgsqlDataSourceBuilder(connection.ConnectionString).UseLoggerFactory(loggers).Build();
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken = default)
        => source.OpenConnectionAsync(cancellationToken);

    /// <summary>Runs <paramref name="work"/> in a transaction that commits when it returns.</summary>
    public async Task<T> InTransactionAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>Asks the server for an answer, not the port; throws when there is none.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    public void Dispose() => source.Dispose();
}
