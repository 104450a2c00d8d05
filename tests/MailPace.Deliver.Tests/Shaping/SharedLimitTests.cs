using MailPace.Contracts.Shaping;
using MailPace.Deliver.Shaping;
using MailPace.Messaging.Shaping;
using MailPace.Messaging.Topology;
using MailPace.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace MailPace.Deliver.Tests.Shaping;

/// <summary>Several processes on one nats-server, each with connections and a rate to take from the same group.</summary>
public sealed class SharedLimitTests : IAsyncLifetime
{
    private readonly List<WebApplication> _processes = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _working = Task.CompletedTask;
    private NatsServer _nats = null!;
    private int _now;
    private int _most;
    private int _begun;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _nats = await NatsServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _stop.Dispose();
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _nats.DisposeAsync();
    }

    [Fact]
    public async Task FourProcesses_KeepOneLimit_AlsoWhenOneIsKilled()
    {
        var gates = new List<GroupGate>();
        for (var i = 0; i < 4; i++)
        {
            gates.Add(await StartProcessAsync());
        }

        _working = Task.WhenAll(gates.ConvertAll(gate => WorkAsync(gate, _stop.Token)));
        await SharesAsync(4);
        _begun = 0;
        var before = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(6), Token);
        var rate = _begun / TimeProvider.System.GetElapsedTime(before).TotalSeconds;
        Assert.InRange(_most, 10, 20);
        Assert.InRange(rate, 80, 105);

        await _processes[0].Services.GetRequiredService<NatsConnection>().DisposeAsync(); // as a killed process: nobody hears of it again
        await SharesAsync(3);
        _begun = 0;
        before = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(5), Token);
        rate = _begun / TimeProvider.System.GetElapsedTime(before).TotalSeconds;
        Assert.InRange(_most, 10, 20);
        Assert.InRange(rate, 80, 105);

        TestContext.Current.TestOutputHelper?.WriteLine($"{rate:F1} messages/s, {_most} connections at most");
    }

    private async Task<GroupGate> StartProcessAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Nats:Url"] = _nats.Url,
            ["Postgres:ConnectionString"] = "Host=127.0.0.1;Port=1",
            ["Shaping:Groups:example.net:Connections"] = "20",
            ["Shaping:Groups:example.net:Messages"] = "100",
        });
        builder.Services.AddDeliver();
        var process = builder.Build();
        _processes.Add(process);
        var topology = process.Services.GetRequiredService<TopologyKeeper>();
        await topology.StartAsync(Token);
        await topology.Ready.WaitAsync(Token);
        var gate = process.Services.GetRequiredService<GroupGate>();
        await gate.StartAsync(Token);
        return gate;
    }

    /// <summary>Waits until each process that lives has its part.</summary>
    private async Task SharesAsync(int processes)
    {
        var states = _processes[^1].Services.GetRequiredService<GroupStates>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!Shared((await states.FindAsync("example.net", limit.Token)).State, processes))
        {
            await Task.Delay(100, limit.Token);
        }
    }

    private static bool Shared(GroupState state, int processes)
        => state.Leases.Count == processes && state.Leases.All(lease => lease.Rate > 90.0 / processes && lease.Connections <= (20 / processes) + 1);

    private async Task WorkAsync(GroupGate gate, CancellationToken stop)
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                var (admission, _) = await gate.EnterAsync("example.net", CancellationToken.None);
                if (admission is not Admission.Admitted admitted)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
                    continue;
                }

                using (admitted)
                {
                    Interlocked.Increment(ref _begun);
                    var now = Interlocked.Increment(ref _now);
                    lock (_processes)
                    {
                        _most = Math.Max(_most, now);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(120), CancellationToken.None);
                    Interlocked.Decrement(ref _now);
                }
            }
        }));
    }
}
