using System.Net.Sockets;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>SIGTERM, as Kubernetes sends it to a pod.</summary>
public sealed class StopTests(PostgresServerFixture postgres)
{
    [Fact]
    public async Task Terminated_EndsIdleSessionsAndFinishesTheOthers()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Drain:Timeout", "00:00:20"));
        using var idle = await ConnectAsync(platform);
        using var busy = await ConnectAsync(platform);
        await AskAsync(busy, $"AUTH PLAIN {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"\0{platform.Token}\0{platform.Token}"))}", "235");
        await AskAsync(busy, $"MAIL FROM:<you@{platform.Domain}>", "250");
        await AskAsync(busy, "RCPT TO:<someone@example.com>", "250");

        var stopping = platform.StopAsync();
        Assert.Equal("421 4.3.2 Server is shutting down, please try again", await idle.Reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Null(await idle.Reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await AskAsync(busy, "DATA", "354");
        await AskAsync(busy, $"From: you@{platform.Domain}\r\nSubject: last\r\n\r\nbody\r\n.", "250 2.0.0 OK: queued as");

        await stopping;
        Assert.StartsWith("421 4.3.2", await busy.Reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<Client> ConnectAsync(Platform platform)
    {
        var client = new Client(new TcpClient("127.0.0.1", platform.ClearSmtpPort));
        await AskAsync(client, null, "220");
        await AskAsync(client, "HELO c.example", "250");
        return client;
    }

    private static async Task AskAsync(Client client, string? line, string reply)
    {
        if (line is not null)
        {
            await client.Writer.WriteAsync(line + "\r\n");
            await client.Writer.FlushAsync(TestContext.Current.CancellationToken);
        }

        Assert.StartsWith(reply, await client.Reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private sealed record Client(TcpClient Socket) : IDisposable
    {
        public StreamReader Reader { get; } = new(Socket.GetStream());

        public StreamWriter Writer { get; } = new(Socket.GetStream());

        public void Dispose() => Socket.Dispose();
    }
}
