namespace MailPace.Testing;

/// <summary>One nats-server for a test assembly: <c>[assembly: AssemblyFixture(typeof(NatsServerFixture))]</c>. A test that breaks its server starts one of its own.</summary>
public sealed class NatsServerFixture : IAsyncDisposable
{
    private readonly Lazy<Task<NatsServer>> _server = new(static () => NatsServer.StartAsync());

    /// <summary>Starts at the first use.</summary>
    public Task<NatsServer> ServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
