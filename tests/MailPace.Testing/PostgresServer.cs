using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace MailPace.Testing;

/// <summary>A real PostgreSQL of its own, as an unprivileged user, that can be stopped and started again.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly TestDirectory _directory = TestDirectory.Create();
    private readonly int _port = FreePort.Next();
    private readonly bool _isDurable;
    private readonly string? _template;
    private ServerProcess? _process;
    private int _databases;

    private PostgresServer(bool isDurable, string? home, string? template)
    {
        _isDurable = isDurable;
        _template = template;
        Home = home ?? _directory.Combine("postgres");
    }

    public int ProcessId => _process?.Id ?? 0;

    public string LogPath => Path.Combine(Home, "postgres.log");

    private string Home { get; }

    /// <summary>Once it's stopped, a template for others.</summary>
    public string Data => Path.Combine(Home, "data");

    private static string? User => Environment.IsPrivilegedProcess ? "65534" : null;

    /// <param name="isDurable">With fsync, as in production; tests that cut no power do without.</param>
    /// <param name="home">Folder of its data; null for a temporary one.</param>
    /// <param name="template">Data of a server that was stopped, to begin with; null for none.</param>
    public static async Task<PostgresServer> StartAsync(bool isDurable = false, string? home = null, string? template = null)
    {
        var server = new PostgresServer(isDurable, home, template);
        try
        {
            await server.InitialiseAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <param name="options">What follows its name, such as <c>template template0 locale 'C'</c>.</param>
    /// <returns>Connection string of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"db{Interlocked.Increment(ref _databases)}");
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await using var command = source.CreateCommand($"create database {name} {options}");
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async Task StartAgainAsync()
    {
        _process = ServerProcess.Start(
            LogPath,
            User,
            Path.Combine(Tools.PostgresBin(), "postgres"),
            "-D", Data,
            "-p", _port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=" + Home,
            "-c", _isDurable ? "fsync=on" : "fsync=off",
            "-c", "max_connections=200");
        await FreePort.WaitForListenerAsync(_port, LogPath, _process);
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres"));
        for (var started = Environment.TickCount64; ; await Task.Delay(50))
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                return;
            }
            catch (NpgsqlException) when (Environment.TickCount64 - started < 30_000)
            {
                // 57P03: it is starting up, and says so to whoever asks.
            }
        }
    }

    /// <summary>
    /// As a crash ends it: all its processes at once, with no word to their clients. The children are a moment behind their parent, which
    /// is why they are killed by their ids, too: a server that starts while one of them lives refuses.
    /// </summary>
    public async Task Kill9Async()
    {
        if (_process is null || _process.HasExited)
        {
            return;
        }

        var children = ProcessChildren.Of(_process.Id);
        await _process.Kill9Async();
        await ProcessChildren.Kill9Async(children);
    }

    /// <summary>Fast shutdown: connections are ended.</summary>
    public Task StopAsync() => _process?.SignalAsync("INT") ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.SignalAsync("QUIT");
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    public string ConnectionString(string database) => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=mailpace;Database={database}");

    private async Task InitialiseAsync()
    {
        Directory.CreateDirectory(Home);
        if (User is { } user)
        {
            await RunAsync("chown", user, Home);
        }

        if (_template is not null)
        {
            await RunAsync("cp", "-a", _template, Data);
            return;
        }

        await using var initdb = ServerProcess.Start(Path.Combine(Home, "initdb.log"), User, Path.Combine(Tools.PostgresBin(), "initdb"), "-D", Data, "-U", "mailpace", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await initdb.WaitAsync();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
