using System.Globalization;
using System.Net;
using MailPace.Faults.Ledger;
using MailPace.Faults.Load;
using MailPace.Faults.Sinks;
using MailPace.Testing;

namespace MailPace.Faults.Servers;

/// <summary>
/// All that a run needs, as real processes: nats-server, PostgreSQL, the platform in one process, and in this one the clients and the
/// remote. Times are short, so that what takes minutes in production takes seconds here; the order of things is the same.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>How long a job may live in a process, and so how long the reconciler waits.</summary>
    public static readonly TimeSpan MaxJobLifetime = TimeSpan.FromSeconds(6);

    private readonly WorldOptions _options;

    private World(WorldOptions options, FaultSink sink, NatsServer nats, PostgresServer postgres, Platform platform, string database)
    {
        _options = options;
        Random = new Random(options.Seed);
        Sink = sink;
        Nats = nats;
        Postgres = postgres;
        Platform = platform;
        History = new HistoryReader(database);
        Queues = new Queues(nats.Url);
        Load = new RunningLoad(platform, Random);
    }

    /// <summary>Decides the moments of the faults.</summary>
    public Random Random { get; }

    public FaultSink Sink { get; }

    public NatsServer Nats { get; }

    public PostgresServer Postgres { get; }

    public Platform Platform { get; }

    public HistoryReader History { get; }

    public Queues Queues { get; }

    public RunningLoad Load { get; }

    public LoopDisk Disk => _options.Disk ?? throw new InvalidOperationException("This world has no disk of its own.");

    /// <summary>What the platform should have done and didn't.</summary>
    public List<Violation> Conduct { get; } = [];

    public static async Task<World> StartAsync(WorldOptions options)
    {
        var sink = new FaultSink(options.Seed) { Manners = options.Manners };
        NatsServer? nats = null;
        PostgresServer? postgres = null;
        try
        {
            nats = await NatsServer.StartAsync(options.Disk?.Combine("nats"));
            postgres = await PostgresServer.StartAsync(options.IsPostgresOnDisk, options.IsPostgresOnDisk ? options.Disk!.Combine("postgres") : null, options.Platform.Data);
            var database = postgres.ConnectionString(options.Platform.Database);
            var platform = await Platform.StartSeededAsync(options.Platform, options.Program, nats, database, SettingsFor(sink));
            return new World(options, sink, nats, postgres, platform, database);
        }
        catch
        {
            await StopAsync(nats, postgres, sink);
            throw;
        }
    }

    public void Say(string text) => _options.Say(text);

    /// <summary>Completes when so many more emails were acknowledged: the moment of a fault, by progress and not by time.</summary>
    public async Task MoreMailAsync(int least, int most)
    {
        try
        {
            await Load.Ledger.MoreAcknowledgedAsync(Random.Next(least, most), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            Fail("no email was acknowledged for a minute");
            throw;
        }

        await PauseAsync(0, 40); // somewhere between two steps of what is under way
    }

    /// <summary>Milliseconds that the seed chooses, for which something stays down.</summary>
    public Task PauseAsync(int least, int most) => Task.Delay(Random.Next(least, most));

    public async Task StartPlatformAsync()
    {
        await Platform.StartAgainAsync();
        Say("the host is ready again");
    }

    public async Task<HttpStatusCode?> ReadinessAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync(new Uri(Platform.Url + "/_/ready"));
            return answer.StatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Returns when it's so; after the limit that is a violation.</summary>
    public async Task<bool> ExpectAsync(string what, TimeSpan limit, Func<Task<bool>> isSo)
    {
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < limit.TotalMilliseconds; await Task.Delay(100))
        {
            if (await isSo())
            {
                return true;
            }
        }

        Fail($"within {limit.TotalSeconds:0} s it didn't come true that {what}");
        return false;
    }

    public void Fail(string text) => Conduct.Add(new Violation(ViolationKind.Conduct, null, text));

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Queues.DisposeAsync();
        await History.DisposeAsync();
        await Platform.DisposeAsync();
        await StopAsync(Nats, Postgres, Sink);
    }

    private static (string Name, string Value)[] SettingsFor(FaultSink sink) =>
    [
        ("Delivery:Route", "smarthost"),
        ("Delivery:Smarthost:Host", "127.0.0.1"),
        ("Delivery:Smarthost:Port", sink.Port.ToString(CultureInfo.InvariantCulture)),
        ("Delivery:MaxJobLifetime", MaxJobLifetime.ToString()),
        ("Reconciler:MaxJobLifetime", MaxJobLifetime.ToString()),
        ("Reconciler:Interval", "00:00:00.200"),
        ("Retry:Gaps:0", "00:00:01"),
        ("Retry:Gaps:1", "00:00:02"),
        ("Nats:AckWait", "00:00:05"),
        ("Publish:Deadline", "00:00:03"),
        ("Publish:AckTimeout", "00:00:01"),
        ("AttemptLedger:Patience", "00:00:02"),
    ];

    private static async Task StopAsync(NatsServer? nats, PostgresServer? postgres, FaultSink sink)
    {
        if (nats is not null)
        {
            await nats.DisposeAsync();
        }

        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        await sink.DisposeAsync();
    }
}
