using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using MailPace.Host.Tests.Tracing;
using MailPace.Testing;
using NATS.Client.Core;

namespace MailPace.Host.Tests;

/// <summary>One trace follows an email from its client's call to the remote's 250, by OTLP as an operator's collector gets it.</summary>
public sealed class TraceTests(PostgresServerFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EmailOverHttp_IsOneTraceFromTheCallToTheRemotesReply()
    {
        await using var collector = await TraceReceiver.StartAsync();
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Telemetry:OtlpEndpoint", collector.Url));
        var (traceId, clientSpan) = (Random(16), Random(8));
        await using var observer = new NatsConnection(new NatsOpts { Url = nats.Url });
        await using var jobs = await observer.SubscribeCoreAsync<byte[]>("jobs.deliver.>", cancellationToken: Cancel);
        await observer.PingAsync(Cancel);

        await SendAsync(platform, $"00-{traceId}-{clientSpan}-01");
        var job = await jobs.Msgs.ReadAsync(Cancel);
        var spans = await collector.TraceWithAsync(traceId, "accept", "sign", "deliver", "smtp");

        var smtp = Assert.Single(spans, span => span.Name == "smtp");
        var path = Ancestors(spans, smtp);
        Assert.Equal(clientSpan, path[^1].ParentId);
        Assert.Equal(["smtp", "deliver", "sign", "accept"], path.Select(span => span.Name).Take(4));
        Assert.Equal("250", smtp.Attributes["mailpace.reply.code"]);
        Assert.Equal($"00-{traceId}-{path[2].Id}-01", job.Headers!["traceparent"].ToString());
    }

    /// <summary>The span, its parent, and so on as far as they are known.</summary>
    private static List<ExportedSpan> Ancestors(IReadOnlyList<ExportedSpan> spans, ExportedSpan last)
    {
        List<ExportedSpan> path = [last];
        while (spans.FirstOrDefault(span => span.Id == path[^1].ParentId) is { } parent)
        {
            path.Add(parent);
        }

        return path;
    }

    private static async Task SendAsync(Platform platform, string traceParent)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Url + "/api/v1/send"))
        {
            Content = JsonContent.Create(new { from = $"you@{platform.Domain}", to = "someone@example.com", subject = "Hello", textbody = "Hello" }),
        };
        request.Headers.Add("MailPace-Server-Token", platform.Token);
        request.Headers.Add("traceparent", traceParent);
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static string Random(int octets) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(octets));
}
