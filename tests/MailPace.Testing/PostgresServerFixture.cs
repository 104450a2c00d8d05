namespace MailPace.Testing;

/// <summary>One PostgreSQL for a test assembly: <c>[assembly: AssemblyFixture(typeof(PostgresServerFixture))]</c>. A test that breaks its server starts one of its own.</summary>
public sealed class PostgresServerFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(static () => PostgresServer.StartAsync());

    /// <summary>Starts at the first use.</summary>
    public Task<PostgresServer> ServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
