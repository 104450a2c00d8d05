using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MailPace.Bench.Discarding;
using MailPace.Bench.Measuring;
using MailPace.Testing;

namespace MailPace.Bench.Systems;

/// <summary>The platform's own SMTP edge in a process that keeps nothing: what durability and everything behind the protocol cost.</summary>
internal sealed class DiscardingSystem : RunningSystem
{
    private readonly ServerProcess _process;
    private readonly IPEndPoint _counter;

    private DiscardingSystem(ServerProcess process, IPEndPoint smtp, IPEndPoint counter)
    {
        _process = process;
        _counter = counter;
        Smtp = smtp;
        Processes = new ProcessTree([process.Id]);
    }

    public override string Name => "discard";

    public override string Durability => "none: the same edge, discarding";

    public override IPEndPoint Smtp { get; }

    public override string Token => DiscardingIntake.Token;

    public override string SenderDomain => "bench.example";

    public override ProcessTree Processes { get; }

    public static async Task<DiscardingSystem> StartAsync(string directory)
    {
        Environment.SetEnvironmentVariable("DOTNET_GCgen0size", MailPaceSystem.Gen0Size);
        var (smtp, counter) = (FreePort.Next(), FreePort.Next());
        var process = ServerProcess.Start(
            Path.Combine(directory, "discard.log"), null, Environment.ProcessPath!, DiscardingServer.Verb, smtp.ToString(CultureInfo.InvariantCulture), counter.ToString(CultureInfo.InvariantCulture));
        var system = new DiscardingSystem(process, new IPEndPoint(IPAddress.Loopback, smtp), new IPEndPoint(IPAddress.Loopback, counter));
        await Listener.WaitAsync(system.Smtp);
        return system;
    }

    public override async Task<int> StoredAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_counter);
        using var reader = new StreamReader(client.GetStream());
        return int.Parse(await reader.ReadToEndAsync(), CultureInfo.InvariantCulture);
    }

    public override async ValueTask DisposeAsync() => await _process.DisposeAsync();
}
