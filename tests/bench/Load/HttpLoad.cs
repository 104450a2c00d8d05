using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace MailPace.Bench.Load;

/// <summary>Posts messages to <c>/api/v1/send</c> over kept HTTP/1.1 connections.</summary>
internal sealed class HttpLoad(IPEndPoint target, BenchMessage message, string token)
{
    /// <summary>Sends as fast as <paramref name="connections"/> allow.</summary>
    public Task<LoadResult> RunAsync(int connections, int messages) => RunAsync(connections, messages, null, null);

    /// <summary>Sends at a fixed rate; <paramref name="accepted"/> is told the moment of each 200.</summary>
    public Task<LoadResult> PacedAsync(int connections, int messages, double perSecond, Action<int, long> accepted) => RunAsync(connections, messages, perSecond, accepted);

    private async Task<LoadResult> RunAsync(int connections, int messages, double? perSecond, Action<int, long>? accepted)
    {
        var next = -1;
        var latencies = new double[messages];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var json = message.NewJson();
            var head = Encoding.ASCII.GetBytes(
                $"POST /api/v1/send HTTP/1.1\r\nHost: bench\r\nMailPace-Server-Token: {token}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: {json.Length}\r\n\r\n");
            var request = new byte[head.Length + json.Length];
            head.CopyTo(request, 0);
            using var socket = new LineSocket();
            await socket.ConnectAsync(target);
            for (var number = Interlocked.Increment(ref next); number < messages; number = Interlocked.Increment(ref next))
            {
                if (perSecond is { } rate)
                {
                    var due = TimeSpan.FromSeconds(number / rate) - clock.Elapsed;
                    if (due > TimeSpan.Zero)
                    {
                        await Task.Delay(due);
                    }
                }

                message.NumberJson(json, number);
                json.CopyTo(request, head.Length);
                var started = Stopwatch.GetTimestamp();
                await socket.WriteAsync(request);
                await ReadAnswerAsync(socket);
                var ended = Stopwatch.GetTimestamp();
                latencies[number] = Stopwatch.GetElapsedTime(started, ended).TotalMilliseconds;
                accepted?.Invoke(number, ended);
            }
        })));
        return new LoadResult(messages, clock.Elapsed.TotalSeconds, latencies);
    }

    private static async Task ReadAnswerAsync(LineSocket socket)
    {
        var status = await socket.ReadLineAsync();
        if (!status.Span.StartsWith("HTTP/1.1 200"u8))
        {
            throw new IOException("Unexpected answer: " + Encoding.ASCII.GetString(status.Span).TrimEnd());
        }

        var length = -1;
        var chunked = false;
        while (true)
        {
            var line = await socket.ReadLineAsync();
            if (line.Length <= 2)
            {
                break;
            }

            if (Ascii.EqualsIgnoreCase(line.Span[..Math.Min(line.Length, 15)], "content-length:"u8))
            {
                length = int.Parse(Encoding.ASCII.GetString(line.Span[15..]).AsSpan().Trim(), CultureInfo.InvariantCulture);
            }

            chunked |= Ascii.EqualsIgnoreCase(line.Span[..Math.Min(line.Length, 18)], "transfer-encoding:"u8);
        }

        if (chunked)
        {
            while ((await socket.ReadLineAsync()).Length != 3)
            {
            }

            await socket.ReadLineAsync();
            return;
        }

        var rest = new byte[Math.Max(length, 0)];
        for (var read = 0; read < length;)
        {
            var count = await socket.ReadAsync(rest.AsMemory(read));
            if (count == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            read += count;
        }
    }
}
