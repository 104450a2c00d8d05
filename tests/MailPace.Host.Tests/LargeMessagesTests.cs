using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>
/// Many large messages at once over SMTP, to a real process: what it takes in memory at most. <c>make large</c> runs it with 200 of 25 MB, and a collector that is told to keep memory small.
/// </summary>
public sealed class LargeMessagesTests(PostgresServerFixture postgres, ITestOutputHelper output)
{
    private const long MostMemory = 400 * 1024 * 1024;

    private static readonly int Clients = Setting("MAILPACE_LARGE_CLIENTS", 20);

    private static readonly int Megabytes = Setting("MAILPACE_LARGE_MEGABYTES", 5);

    [Fact]
    public async Task Messages_LargeAtOnce_StayInBounds()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(
            nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Host:Functions", "send,smtp-edge,record"));
        var before = PeakOf(platform.ProcessId);
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('x', 74) + "\r\n", 1024 * 1024 / 76)));
        var started = TimeProvider.System.GetTimestamp();

        var replies = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => SendAsync(platform, block)));

        var peak = PeakOf(platform.ProcessId);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Clients} messages of {Megabytes} MB: {peak / 1e6:0} MB at most ({before / 1e6:0} MB before), {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s"));
        Assert.All(replies, static reply => Assert.StartsWith("250", reply, StringComparison.Ordinal));
        Assert.InRange(peak, 1, MostMemory);
    }

    private static async Task<string> SendAsync(Platform platform, byte[] block)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", platform.ClearSmtpPort, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        var credentials = Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{platform.Token}\0{platform.Token}"));
        foreach (var command in (string[])["HELO c.example", $"AUTH PLAIN {credentials}", $"MAIL FROM:<you@{platform.Domain}>", "RCPT TO:<someone@example.com>", "DATA"])
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), TestContext.Current.CancellationToken);
            var reply = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(reply is not null && reply[0] is '2' or '3', reply);
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"From: you@{platform.Domain}\r\nSubject: large\r\n\r\n"), TestContext.Current.CancellationToken);
        for (var i = 0; i < Megabytes; i++)
        {
            await stream.WriteAsync(block, TestContext.Current.CancellationToken);
        }

        await stream.WriteAsync(".\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    /// <summary>The most physical memory that the process ever had.</summary>
    private static long PeakOf(int process) =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"))
            .Where(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(static line => long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024)
            .Single();

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
