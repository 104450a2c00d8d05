using System.Globalization;
using System.Net;
using MailPace.Bench.Measuring;
using MailPace.Testing;

namespace MailPace.Bench.Systems;

/// <summary>
/// Haraka on as many processes as the machine has cores, with one plugin, <c>haraka/plugins/durable_queue.js</c>: it takes every
/// recipient and syncs the message's file. For acceptance alone.
/// </summary>
internal sealed class HarakaSystem : RunningSystem
{
    private readonly string _queue;
    private readonly ServerProcess _process;

    private HarakaSystem(string queue, IPEndPoint smtp, ServerProcess process)
    {
        _queue = queue;
        _process = process;
        Smtp = smtp;
        Processes = new ProcessTree([process.Id]);
    }

    public override string Name => "haraka";

    public override string Durability => "fsync of the message's file before 250";

    public override IPEndPoint Smtp { get; }

    public override string SenderDomain => "bench.example";

    public override ProcessTree Processes { get; }

    public static async Task<HarakaSystem> StartAsync(string directory)
    {
        var source = Path.Combine(RepositoryRoot.Path, "tests/bench/haraka");
        var program = Path.Combine(source, "node_modules/Haraka/bin/haraka");
        if (!File.Exists(program))
        {
            throw new InvalidOperationException("Haraka is missing: tools/setup.sh --tests installs it.");
        }

        var smtp = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var queue = Directory.CreateDirectory(Path.Combine(directory, "queue")).FullName;
        var config = Directory.CreateDirectory(Path.Combine(directory, "config")).FullName;
        var plugins = Directory.CreateDirectory(Path.Combine(directory, "plugins")).FullName;
        File.Copy(Path.Combine(source, "plugins/durable_queue.js"), Path.Combine(plugins, "durable_queue.js"));
        File.Copy(Path.Combine(source, "node_modules/Haraka/config/connection.ini"), Path.Combine(config, "connection.ini"));
        await File.WriteAllTextAsync(Path.Combine(config, "smtp.ini"), string.Create(CultureInfo.InvariantCulture, $"listen=127.0.0.1:{smtp.Port}\nnodes=cpus\n"));
        await File.WriteAllTextAsync(Path.Combine(config, "log.ini"), "[main]\nlevel=error\n");
        await File.WriteAllTextAsync(Path.Combine(config, "plugins"), "durable_queue\n");
        await File.WriteAllTextAsync(Path.Combine(config, "me"), "haraka.bench.example\n");
        var environment = new Dictionary<string, string> { ["HARAKA_QUEUE"] = queue };
        var process = ServerProcess.Start(Path.Combine(directory, "haraka.log"), null, environment, Tools.Program("node"), program, "-c", directory);
        await Listener.WaitAsync(smtp);
        return new HarakaSystem(queue, smtp, process);
    }

    public override Task<int> StoredAsync() => Task.FromResult(Directory.EnumerateFiles(_queue, "*.eml").Count());

    public override async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_queue)!, recursive: true);
    }
}
