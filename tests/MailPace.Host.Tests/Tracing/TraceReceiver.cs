using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace MailPace.Host.Tests.Tracing;

/// <summary>Takes spans by OTLP over gRPC (HTTP/2 in clear) and keeps them.</summary>
internal sealed class TraceReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<ExportedSpan> spans = new();

    private TraceReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        app = builder.Build();
        app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", ExportAsync);
    }

    public string Url => app.Urls.Single();

    public static async Task<TraceReceiver> StartAsync()
    {
        var receiver = new TraceReceiver();
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits for a span of this name in the trace, and gives all that came of the trace.</summary>
    public async Task<IReadOnlyList<ExportedSpan>> TraceWithAsync(string traceId, params string[] names)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var ofTrace = spans.Where(span => span.TraceId == traceId).ToList();
            if (names.All(name => ofTrace.Exists(span => span.Name == name)))
            {
                return ofTrace;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>A message is one octet (compressed or not), its length, and itself; the status follows in the trailer.</summary>
    private async Task ExportAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var message = body.ToArray();
        Assert.Equal(0, message[0]);
        Assert.Equal(message.Length - 5, BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(1)));
        foreach (var span in ExportedSpan.Read(message.AsMemory(5)))
        {
            spans.Enqueue(span);
        }

        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
