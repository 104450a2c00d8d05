using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MailPace.Bench.Load;
using MailPace.Bench.Measuring;
using MailPace.Bench.Systems;

namespace MailPace.Bench.Idle;

/// <summary>
/// Many TLS sessions at once that say nothing after AUTH: what each takes in the server's memory, and how soon a new client is
/// answered meanwhile.
/// </summary>
internal sealed class IdleTls(BenchOptions options)
{
    private const int Openers = 16;
    private const int NewSessions = 200;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public async Task RunAsync(int sessions)
    {
        var directory = Path.Combine(options.Directory, "idle-tls");
        Directory.CreateDirectory(directory);
        await using var running = await MailPaceSystem.StartAsync(directory, SystemForm.AcceptOnly with { Settings = [("SmtpEdge:MaxConnectionsPerAddress", "1000000"), ("SmtpEdge:MaxConnections", "1000000")] });
        var server = new ProcessTree([running.PlatformId]);
        await WarmUpAsync(running);
        await Task.Delay(Settling);
        var baseMb = server.MemoryMb();
        var clock = Stopwatch.StartNew();
        var open = await OpenAsync(running, sessions);
        var opening = clock.Elapsed;
        await Task.Delay(Settling);
        var fullMb = server.MemoryMb();
        var answers = Enumerable.Range(0, NewSessions).Select(_ => Answer(running)).ToArray();
        Parallel.ForEach(open, static socket => socket.Dispose());

        var result = new IdleMeasurement
        {
            Sessions = sessions,
            BaseMb = Math.Round(baseMb, 1),
            FullMb = Math.Round(fullMb, 1),
            KbPerSession = Math.Round((fullMb - baseMb) * 1024 / sessions, 1),
            GreetingP50Ms = Math.Round(Percentile.Of([.. answers.Select(static answer => answer.Greeting)], 0.5), 2),
            GreetingMaxMs = Math.Round(answers.Max(static answer => answer.Greeting), 2),
            LoginP50Ms = Math.Round(Percentile.Of([.. answers.Select(static answer => answer.Login)], 0.5), 2),
            LoginMaxMs = Math.Round(answers.Max(static answer => answer.Login), 2),
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle-tls: {sessions} sessions, opened in {opening.TotalSeconds:0.0} s, take {result.KbPerSession} KB each ({result.BaseMb} MB without them, {result.FullMb} MB with them)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle-tls: a new session meanwhile: greeting p50 {result.GreetingP50Ms} ms, longest {result.GreetingMaxMs} ms; to the end of STARTTLS and AUTH p50 {result.LoginP50Ms} ms, longest {result.LoginMaxMs} ms"));
        var path = Path.Combine(Path.GetDirectoryName(options.Output)!, "idle-tls.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(result) + "\n");
    }

    /// <summary>What the first sessions cost, and the pools that many at once leave behind, isn't what an idle session takes.</summary>
    private static async Task WarmUpAsync(RunningSystem running)
    {
        for (var round = 0; round < 4; round++)
        {
            Parallel.ForEach(await OpenAsync(running, 500), static socket => socket.Dispose());
        }
    }

    private static async Task<LineSocket[]> OpenAsync(RunningSystem running, int count)
    {
        var sockets = new LineSocket[count];
        await new Senders(count, null).RunAsync(Openers, senders =>
        {
            while (senders.TryNext(out var number))
            {
                sockets[number] = Connect(running.Smtp);
                LogIn(sockets[number], running.Token!);
            }
        });
        return sockets;
    }

    private static (double Greeting, double Login) Answer(RunningSystem running)
    {
        var started = Stopwatch.GetTimestamp();
        using var socket = Connect(running.Smtp);
        var greeting = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        LogIn(socket, running.Token!);
        return (greeting, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private static LineSocket Connect(IPEndPoint server)
    {
        var socket = new LineSocket(server, bufferSize: 1024);
        socket.Expect('2');
        return socket;
    }

    private static void LogIn(LineSocket socket, string token)
    {
        socket.Write("EHLO bench.example\r\n"u8);
        socket.Expect('2');
        socket.Write("STARTTLS\r\n"u8);
        socket.Expect('2');
        socket.StartTls();
        socket.Write("EHLO bench.example\r\n"u8);
        socket.Expect('2');
        socket.Write(Encoding.ASCII.GetBytes($"AUTH PLAIN {Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{token}\0{token}"))}\r\n"));
        socket.Expect('2');
    }
}
