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
        var latencies = new double[messages];
        var seconds = await new Senders(messages, perSecond).RunAsync(connections, senders =>
        {
            var json = message.NewJson();
            var head = Encoding.ASCII.GetBytes(
                $"POST /api/v1/send HTTP/1.1\r\nHost: bench\r\nMailPace-Server-Token: {token}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: {json.Length}\r\n\r\n");
            var request = new byte[head.Length + json.Length];
            head.CopyTo(request, 0);
            using var socket = new LineSocket(target);
            while (senders.TryNext(out var number))
            {
                message.NumberJson(json, number);
                json.CopyTo(request, head.Length);
                var started = Stopwatch.GetTimestamp();
                socket.Write(request);
                ReadAnswer(socket);
                var ended = Stopwatch.GetTimestamp();
                latencies[number] = Stopwatch.GetElapsedTime(started, ended).TotalMilliseconds;
                accepted?.Invoke(number, ended);
            }
        });
        return new LoadResult(messages, seconds, latencies);
    }

    private static void ReadAnswer(LineSocket socket)
    {
        var status = socket.ReadLine();
        if (!status.StartsWith("HTTP/1.1 200"u8))
        {
            throw new IOException("Unexpected answer: " + Encoding.ASCII.GetString(status).TrimEnd());
        }

        var length = -1;
        var chunked = false;
        while (true)
        {
            var line = socket.ReadLine();
            if (line.Length <= 2)
            {
                break;
            }

            if (Ascii.EqualsIgnoreCase(line[..Math.Min(line.Length, 15)], "content-length:"u8))
            {
                length = int.Parse(Encoding.ASCII.GetString(line[15..]).AsSpan().Trim(), CultureInfo.InvariantCulture);
            }

            chunked |= Ascii.EqualsIgnoreCase(line[..Math.Min(line.Length, 18)], "transfer-encoding:"u8);
        }

        if (chunked)
        {
            while ((socket.ReadLine()).Length != 3)
            {
            }

            socket.ReadLine();
            return;
        }

        var rest = new byte[Math.Max(length, 0)];
        for (var read = 0; read < length;)
        {
            var count = socket.Read(rest.AsSpan(read));
            if (count == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            read += count;
        }
    }
}
