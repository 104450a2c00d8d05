using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace MailPace.Testing;

/// <summary>
/// The platform as its operator runs it: the program <c>mailpace</c> as a process of its own, on its own ports. It can be killed and
/// started again.
/// </summary>
public sealed class Platform : IAsyncDisposable
{
    internal static readonly string[] SecretFiles = ["dkim-kek", "return-path-key", "webhook-kek"];

    /// <summary>A start that fails ends its process, and nobody waits for that.</summary>
    private static readonly TimeSpan PatienceWithABusyMachine = TimeSpan.FromMinutes(3);

    private readonly string _program;
    private readonly Dictionary<string, string> _environment;
    private ServerProcess? _process;

    private Platform(string program, string directory, Dictionary<string, string> environment, DevelopmentTls tls)
    {
        _program = program;
        WorkDirectory = directory;
        _environment = environment;
        Tls = tls;
    }

    public string WorkDirectory { get; }

    /// <summary>Its options, as environment variables: for parts that run as processes of their own.</summary>
    public IReadOnlyDictionary<string, string> Variables => _environment;

    public DevelopmentTls Tls { get; }

    public int HttpPort { get; } = FreePort.Next();

    public int HttpsPort { get; } = FreePort.Next();

    public int SmtpPort { get; } = FreePort.Next();

    public int SmtpsPort { get; } = FreePort.Next();

    /// <summary>Where AUTH needs no TLS.</summary>
    public int ClearSmtpPort { get; } = FreePort.Next();

    /// <summary>Where bounces, reports and mail to inbound hosts come in.</summary>
    public int InboundPort { get; } = FreePort.Next();

    /// <summary>The sandbox's.</summary>
    public int MxPort { get; } = FreePort.Next();

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HttpPort}");

    /// <summary>API token of the demo domain.</summary>
    public string Token { get; private set; } = "";

    public string OrganisationToken { get; private set; } = "";

    public string Domain { get; private set; } = "";

    public int ProcessId => _process?.Id ?? 0;

    public string LogPath => Path.Combine(WorkDirectory, "mailpace.log");

    /// <summary>Migrates, seeds the demo organisation, and starts.</summary>
    /// <param name="nats">Its nats-server.</param>
    /// <param name="postgres">Connection string of its database.</param>
    /// <param name="settings">Options by name, such as <c>Delivery:Route</c>.</param>
    public static Task<Platform> StartAsync(NatsServer nats, string postgres, params (string Name, string Value)[] settings)
        => StartProgramAsync(ProgramPath(), nats, postgres, settings);

    /// <param name="program">Path of another <c>mailpace</c> than that of this repository.</param>
    /// <param name="nats">Its nats-server.</param>
    /// <param name="postgres">Connection string of its database.</param>
    /// <param name="settings">Options by name, such as <c>Delivery:Route</c>.</param>
    public static async Task<Platform> StartProgramAsync(string program, NatsServer nats, string postgres, params (string Name, string Value)[] settings)
    {
        var platform = await CreateAsync(program, nats, postgres, settings);
        platform.ReadFacts(await platform.SeedAsync());
        await platform.RunAsync();
        return platform;
    }

    /// <param name="seed">What <paramref name="postgres"/> is a copy of.</param>
    /// <param name="program">Path of another <c>mailpace</c> than that of this repository; null for that one.</param>
    /// <param name="nats">Its nats-server.</param>
    /// <param name="postgres">Connection string of its database.</param>
    /// <param name="settings">Options by name, such as <c>Delivery:Route</c>.</param>
    public static async Task<Platform> StartSeededAsync(PlatformSeed seed, string? program, NatsServer nats, string postgres, params (string Name, string Value)[] settings)
    {
        var platform = await CreateAsync(program ?? ProgramPath(), nats, postgres, settings);
        foreach (var secret in SecretFiles)
        {
            File.Copy(Path.Combine(seed.Secrets, secret), Path.Combine(platform.WorkDirectory, secret), overwrite: true);
        }

        platform.ReadFacts(seed.Facts);
        await platform.RunAsync();
        return platform;
    }

    /// <summary>Not started: for its commands.</summary>
    internal static async Task<Platform> CreateAsync(string program, NatsServer nats, string postgres, params (string Name, string Value)[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("mailpace-host-").FullName;
        var tls = DevelopmentTls.Create(directory);
        foreach (var secret in SecretFiles)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, secret), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        var platform = new Platform(program, directory, [], tls);
        (string Name, string Value)[] own =
        [
            ("Nats:Url", nats.Url),
            ("Nats:MonitorUrl", nats.MonitorUrl),
            ("Postgres:ConnectionString", postgres),
            ("Secrets:Directory", directory),
            ("Http:Url", platform.Url),
            ("Http:HttpsUrl", string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{platform.HttpsPort}")),
            ("Http:CertificatePath", tls.CertificatePath),
            ("Http:CertificateKeyPath", tls.KeyPath),
            ("SmtpEdge:CertificatePath", tls.CertificatePath),
            ("SmtpEdge:CertificateKeyPath", tls.KeyPath),
            ("SmtpEdge:Listeners:0:Address", "127.0.0.1"),
            ("SmtpEdge:Listeners:0:Port", platform.SmtpPort.ToString(CultureInfo.InvariantCulture)),
            ("SmtpEdge:Listeners:0:Role", "Submission"),
            ("SmtpEdge:Listeners:1:Address", "127.0.0.1"),
            ("SmtpEdge:Listeners:1:Port", platform.SmtpsPort.ToString(CultureInfo.InvariantCulture)),
            ("SmtpEdge:Listeners:1:Role", "Submissions"),
            ("SmtpEdge:Listeners:2:Address", "127.0.0.1"),
            ("SmtpEdge:Listeners:2:Port", platform.ClearSmtpPort.ToString(CultureInfo.InvariantCulture)),
            ("SmtpEdge:Listeners:2:Role", "SubmissionInClear"),
            ("SmtpEdge:Listeners:3:Address", "127.0.0.1"),
            ("SmtpEdge:Listeners:3:Port", platform.InboundPort.ToString(CultureInfo.InvariantCulture)),
            ("SmtpEdge:Listeners:3:Role", "Inbound"),
            ("Sandbox:Address", "127.0.0.1"),
            ("Sandbox:Port", platform.MxPort.ToString(CultureInfo.InvariantCulture)),
            ("Delivery:Sandbox:Host", "127.0.0.1"),
            ("Delivery:Sandbox:Port", platform.MxPort.ToString(CultureInfo.InvariantCulture)),
        ];
        foreach (var (name, value) in own.Concat(settings))
        {
            platform._environment["MAILPACE__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return platform;
    }

    /// <returns>The facts of the demo organisation.</returns>
    internal async Task<string> SeedAsync()
    {
        await CommandAsync("migrate");
        return await CommandAsync("demo", "--token-file", Path.Combine(WorkDirectory, "tokens"));
    }

    /// <summary>Runs a command of the program and returns its output.</summary>
    public async Task<string> CommandAsync(params string[] arguments)
    {
        var log = Path.Combine(WorkDirectory, Path.GetRandomFileName());
        await using var process = ServerProcess.Start(log, null, _environment, _program, arguments);
        try
        {
            await process.WaitAsync();
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidOperationException($"{failure.Message} {await File.ReadAllTextAsync(log)}", failure);
        }

        return await File.ReadAllTextAsync(log);
    }

    public async Task StartAgainAsync(TimeSpan? limit = null)
    {
        _process = ServerProcess.Start(LogPath, null, _environment, _program, "run");
        await ReadyAsync(limit ?? PatienceWithABusyMachine);
    }

    /// <summary>Returns when <c>/_/ready</c> answers 200.</summary>
    public async Task ReadyAsync(TimeSpan limit)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var said = "nothing";
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < limit.TotalMilliseconds; await Task.Delay(50))
        {
            if (_process!.HasExited)
            {
                break;
            }

            try
            {
                using var answer = await http.GetAsync(new Uri(Url + "/_/ready"));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }

                said = await answer.Content.ReadAsStringAsync();
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
                said = notYet.Message;
            }
        }

        throw new InvalidOperationException($"The platform isn't ready ({said}). Its log: {string.Join('\n', File.ReadLines(LogPath).TakeLast(30))}");
    }

    /// <summary>Returns when the API knows the token: the directory has it a moment after the start.</summary>
    private async Task TokenKnownAsync()
    {
        using var http = new HttpClient();
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < 60_000; await Task.Delay(50))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url + "/api/v1/send"))
            {
                Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("MailPace-Server-Token", Token);
            using var answer = await http.SendAsync(request);
            if (answer.StatusCode == HttpStatusCode.BadRequest && !(await answer.Content.ReadAsStringAsync()).Contains("Invalid API Token", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException("The API doesn't learn the demo token. Its log: " + string.Join('\n', File.ReadLines(LogPath).TakeLast(30)));
    }

    public Task Kill9Async() => _process?.Kill9Async() ?? Task.CompletedTask;

    /// <summary>Sends a signal that doesn't end it, such as STOP or CONT.</summary>
    public Task SendAsync(string signal) => _process?.SendAsync(signal) ?? Task.CompletedTask;

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public Task StopAsync() => _process?.TerminateAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(WorkDirectory, recursive: true);
    }

    /// <summary>The program of the same configuration (debug or release) as the running tests.</summary>
    public static string ProgramPath() => Environment.GetEnvironmentVariable("MAILPACE_PROGRAM")
        ?? Path.Combine(RepositoryRoot.Path, "artifacts/bin/mailpace", new DirectoryInfo(AppContext.BaseDirectory).Name, "mailpace");

    private async Task RunAsync()
    {
        // A platform that runs only some of its functions may have none that feeds the directory.
        await CommandAsync("directory", "resync");
        await StartAgainAsync();
        await TokenKnownAsync();
    }

    private void ReadFacts(string output)
    {
        var facts = output.Split('\n').Select(static line => line.Trim().Split('=', 2)).Where(static pair => pair.Length == 2).ToDictionary(static pair => pair[0], static pair => pair[1]);
        Token = facts["MAILPACE_TOKEN"];
        OrganisationToken = facts["MAILPACE_ORG_TOKEN"];
        Domain = facts["MAILPACE_DOMAIN"];
    }
}
