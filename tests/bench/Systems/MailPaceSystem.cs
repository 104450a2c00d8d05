using System.Globalization;
using System.Net;
using MailPace.Bench.Measuring;
using MailPace.Testing;

namespace MailPace.Bench.Systems;

/// <summary>This platform: its one-process form, nats-server syncing always, PostgreSQL with fsync. For acceptance alone only <c>send</c> and <c>smtp-edge</c> run.</summary>
internal sealed class MailPaceSystem : RunningSystem
{
    /// <summary>As make up runs it: docs/decisions/0005.</summary>
    public const string Gen0Size = "0x4000000";

    private readonly NatsServer _nats;
    private readonly PostgresServer _postgres;
    private readonly Platform _platform;

    private MailPaceSystem(NatsServer nats, PostgresServer postgres, Platform platform)
    {
        _nats = nats;
        _postgres = postgres;
        _platform = platform;
        Processes = new ProcessTree([nats.ProcessId, postgres.ProcessId, platform.ProcessId]);
    }

    public override string Name => "mailpace";

    public override string Durability => "JetStream, sync_interval always, before 250 and 200";

    public override IPEndPoint Smtp => new(IPAddress.Loopback, _platform.SmtpPort);

    public override IPEndPoint ClearSmtp => new(IPAddress.Loopback, _platform.ClearSmtpPort);

    public override IPEndPoint Http => new(IPAddress.Loopback, _platform.HttpPort);

    public override string Token => _platform.Token;

    public override string SenderDomain => _platform.Domain;

    public override ProcessTree Processes { get; }

    public NatsServer Nats => _nats;

    /// <summary>The platform without its servers.</summary>
    public int PlatformId => _platform.ProcessId;

    public static async Task<MailPaceSystem> StartAsync(string directory, SystemForm form)
    {
        Environment.SetEnvironmentVariable("DOTNET_GCgen0size", Gen0Size);

        // On the same file system as Postfix's queue.
        var nats = await NatsServer.StartAsync(Path.Combine(directory, "nats"));
        var postgres = await PostgresServer.StartAsync(isDurable: true);
        (string, string)[] route = form.Sink is { } sink
            ? [("Delivery:Route", "smarthost"), ("Delivery:Smarthost:Port", sink.Port.ToString(CultureInfo.InvariantCulture))]
            : [("Host:Functions", "send,smtp-edge")];
        (string, string)[] settings =
        [
            .. route,
            .. form.FirstRetry is { } gap ? [("Retry:Gaps:0", gap.ToString("c", CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
            ("Intake:EmailsPerSecond", "1000000"),
            ("Intake:Burst", "1000000"),
            ("Log:Level", "Warning"),
            .. form.Settings,
        ];
        return new MailPaceSystem(nats, postgres, await Platform.StartAsync(nats, await postgres.CreateDatabaseAsync(), settings));
    }

    public Task<string> CommandAsync(params string[] arguments) => _platform.CommandAsync(arguments);

    /// <summary>Emails in MAIL: the sum of what its bundles hold isn't kept by the server, so the edge's own counter of accepted emails tells.</summary>
    public override async Task<int> StoredAsync()
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(_platform.Url + "/metrics"));
        return (int)metrics.Split('\n')
            .Where(static line => line.StartsWith("mailpace_messaging_bundle_items", StringComparison.Ordinal) && line.Contains("_sum", StringComparison.Ordinal) && line.Contains("mail.", StringComparison.Ordinal))
            .Sum(static line => double.Parse(line.AsSpan(line.LastIndexOf('}') + 1).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public override async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        await _nats.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
