using MailPace.Messaging.Connection;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Topology;
using MailPace.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Tests.Server;

/// <summary>The library as a process has it: one connection to a server of its own, all services, the topology in place.</summary>
internal sealed class MessagingHost : IAsyncDisposable
{
    private readonly IHost _host;

    private MessagingHost(NatsServer server, IHost host)
    {
        Server = server;
        _host = host;
    }

    public NatsServer Server { get; }

    public INatsJSContext JetStream => Get<INatsJSContext>();

    public MailPublisher Mail => Get<MailPublisher>();

    public TopologyKeeper Topology => Get<TopologyKeeper>();

    public static async Task<MessagingHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var server = await NatsServer.StartAsync();
        return await StartAsync(server, settings);
    }

    public static async Task<MessagingHost> StartAsync(NatsServer server, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings.Select(static each => KeyValuePair.Create<string, string?>(each.Key, each.Value)))
        {
            ["Nats:Url"] = server.Url,
            ["Nats:MonitorUrl"] = server.MonitorUrl,
        });
        builder.Services.AddLogging();
        builder.Services.AddMessaging();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var messaging = new MessagingHost(server, host);
        await Task.WhenAny(messaging.Topology.Ready, Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(messaging.Topology.Ready.IsCompletedSuccessfully, messaging.Topology.Fault);
        await messaging.Get<EmailIdCounter>().RaiseAsync(1, TestContext.Current.CancellationToken);
        return messaging;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Ends the process and leaves the server.</summary>
    public async Task<NatsServer> LeaveServerAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        return Server;
    }

    public async ValueTask DisposeAsync() => await (await LeaveServerAsync()).DisposeAsync();
}
