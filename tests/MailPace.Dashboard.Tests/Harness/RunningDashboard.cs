using MailPace.Testing;

namespace MailPace.Dashboard.Tests.Harness;

/// <summary>One running function for the tests that need no settings of their own: each takes a customer of its own.</summary>
public sealed class RunningDashboard : IAsyncDisposable
{
    private readonly PostgresServerFixture postgres = new();
    private readonly Lazy<Task<DashboardServer>> server;

    public RunningDashboard() => server = new(() => DashboardServer.StartAsync(postgres));

    internal Task<DashboardServer> ServerAsync() => server.Value;

    /// <summary>Another one, with settings and a database of its own.</summary>
    internal Task<DashboardServer> StartAsync(params (string Name, string Value)[] settings) => DashboardServer.StartAsync(postgres, settings);

    public async ValueTask DisposeAsync()
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await server.Value).DisposeAsync();
        }

        await postgres.DisposeAsync();
    }
}
