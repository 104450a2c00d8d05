using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using MailPace.Testing;

namespace MailPace.Host.Tests;

/// <summary>A report from another server, through the edge's inbound listener, to the history and the block list.</summary>
public sealed partial class BounceTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bounce_AfterDelivery_StandsInHistoryAndSuppresses()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync());
        var (_, id) = await SendAsync(platform);
        await HistoryAsync(platform, id, " delivered ");
        var returnPath = await ReturnPathAsync(platform);

        await DeliverAsync(platform, returnPath.Replace("-0-", "-1-", StringComparison.Ordinal), "550");
        await DeliverAsync(platform, returnPath, "250");

        var history = await HistoryAsync(platform, id, " bounced ");
        Assert.Contains("recipient: unknownrecipient", history, StringComparison.Ordinal);
        Assert.Contains(" delivered ", history, StringComparison.Ordinal);
        await UntilAsync(async () => (await SendAsync(platform)).Status != HttpStatusCode.OK);
    }

    private static async Task<(HttpStatusCode Status, long Id)> SendAsync(Platform platform)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("MailPace-Server-Token", platform.Token);
        using var answer = await http.PostAsJsonAsync(
            new Uri(platform.Url + "/api/v1/send"), new { from = $"you@{platform.Domain}", to = "gone@example.com", subject = "Hello", textbody = "Hello" }, Token);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
        return (answer.StatusCode, answer.StatusCode == HttpStatusCode.OK ? body.GetProperty("id").GetInt64() : 0);
    }

    private static async Task<string> ReturnPathAsync(Platform platform)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Accept", "application/json");
        var messages = await http.GetStringAsync(new Uri(platform.Url + "/sandbox/messages?to=gone@example.com"), Token);
        return Regex.Unescape(ReturnPath().Match(messages).Value);
    }

    /// <summary>As another server: the null reverse-path, and a report.</summary>
    private static async Task DeliverAsync(Platform platform, string recipient, string expected)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, platform.InboundPort, Token);
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        await ReplyAsync(reader);
        await SayAsync("EHLO mx.example.com");
        await SayAsync("MAIL FROM:<>");
        var reply = await SayAsync($"RCPT TO:<{recipient}>");
        Assert.StartsWith(expected, reply, StringComparison.Ordinal);
        if (!reply.StartsWith('2'))
        {
            return;
        }

        await SayAsync("DATA");
        await writer.WriteAsync("""
            From: MAILER-DAEMON@mx.example.com
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.com

            Final-Recipient: rfc822; gone@example.com
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: user unknown

            --b--

            """.ReplaceLineEndings("\r\n"));
        Assert.StartsWith("250", await SayAsync("."), StringComparison.Ordinal);

        async Task<string> SayAsync(string line)
        {
            await writer.WriteLineAsync(line.AsMemory(), Token);
            return await ReplyAsync(reader);
        }
    }

    private static async Task<string> ReplyAsync(StreamReader reader)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync(Token) ?? throw new EndOfStreamException();
            if (line.Length < 4 || line[3] != '-')
            {
                return line;
            }
        }
    }

    private static async Task<string> HistoryAsync(Platform platform, long id, string words)
    {
        var history = "";
        await UntilAsync(async () =>
        {
            try
            {
                history = await platform.CommandAsync("email", id.ToString(CultureInfo.InvariantCulture));
            }
            catch (InvalidOperationException notYet) when (notYet.Message.Contains("no email", StringComparison.OrdinalIgnoreCase))
            {
                // The projection has not come to it.
            }

            return history.Contains(words, StringComparison.Ordinal);
        });
        return history;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [GeneratedRegex(@"bounces(\+|\\u002B)[0-9]+-[0-9]+-[0-9]+-[a-z2-7]{16}@[a-z0-9.-]+")]
    private static partial Regex ReturnPath();
}
