using System.Globalization;

namespace MailPace.Testing;

/// <summary>A real nats-server of its own, syncing before it acknowledges, that can be killed and started again on the same store and ports.</summary>
public sealed class NatsServer : IAsyncDisposable
{
    private readonly TestDirectory _directory = TestDirectory.Create();
    private readonly string _store;
    private readonly int _port = FreePort.Next();
    private readonly int _monitorPort = FreePort.Next();
    private readonly string _syncInterval;
    private ServerProcess? _process;

    private NatsServer(string? store, string syncInterval)
    {
        _store = store ?? _directory.Combine("store");
        _syncInterval = syncInterval;
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{_port}");

    public string MonitorUrl => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_monitorPort}");

    public int ProcessId => _process?.Id ?? 0;

    public string LogPath => _directory.Combine("log");

    /// <param name="store">Folder of JetStream's files; null for a temporary one.</param>
    /// <param name="syncInterval">Anything but <c>always</c> breaks the platform's promise.</param>
    public static async Task<NatsServer> StartAsync(string? store = null, string syncInterval = "always")
    {
        var server = new NatsServer(store, syncInterval);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgainAsync()
    {
        var configuration = _directory.Combine("nats.conf");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            listen: 127.0.0.1:{{_port}}
            http: 127.0.0.1:{{_monitorPort}}
            max_payload: 8MB
            jetstream { store_dir: "{{_store}}", sync_interval: {{_syncInterval}} }
            """) + "\n");
        _process = ServerProcess.Start(LogPath, null, Tools.NatsServer(), "-c", configuration);
        await FreePort.WaitForListenerAsync(_port, LogPath, _process);
    }

    public Task Kill9Async() => _process?.Kill9Async() ?? Task.CompletedTask;

    /// <summary>Sends a signal that doesn't end it, such as STOP or CONT.</summary>
    public Task SendAsync(string signal) => _process?.SendAsync(signal) ?? Task.CompletedTask;

    /// <summary>Sends SIGTERM and waits for the end: all that it holds in memory is written.</summary>
    public Task StopAsync() => _process?.TerminateAsync() ?? Task.CompletedTask;

    public async Task RestartAsync()
    {
        await Kill9Async();
        await StartAgainAsync();
    }

    /// <summary>
    /// Leaves what a kill can leave: the consumers know of what was acknowledged meanwhile, and the stream still holds it.
    /// </summary>
    public async Task LoseRemovalsAsync(string stream, Func<Task> acknowledge)
    {
        var messages = Path.Combine(_store, "jetstream/$G/streams", stream, "msgs");
        var before = _directory.Combine("before");
        await StopAsync();
        CopyFiles(messages, before);
        await StartAgainAsync();
        await acknowledge();
        await StopAsync();
        Directory.Delete(messages, recursive: true);
        CopyFiles(before, messages);
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    private static void CopyFiles(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
