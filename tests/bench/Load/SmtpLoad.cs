using System.Diagnostics;
using System.Net;
using System.Text;

namespace MailPace.Bench.Load;

/// <summary>
/// Hands in messages over SMTP with STARTTLS. Every system gets the same bytes: EHLO, STARTTLS, EHLO, AUTH where it asks for one, then
/// MAIL, RCPT and DATA in one segment, the body in the next.
/// </summary>
internal sealed class SmtpLoad(IPEndPoint target, BenchMessage message, string? token)
{
    private static readonly byte[] Ehlo = "EHLO bench.example\r\n"u8.ToArray();
    private static readonly byte[] StartTls = "STARTTLS\r\n"u8.ToArray();
    private static readonly byte[] Quit = "QUIT\r\n"u8.ToArray();

    /// <summary>Keeps <paramref name="connections"/> connections and sends <paramref name="messages"/> over them.</summary>
    public Task<LoadResult> KeptAsync(int connections, int messages) => RunAsync(connections, messages, int.MaxValue, null, null);

    /// <summary>Opens a connection for each message, <paramref name="connections"/> at a time.</summary>
    public Task<LoadResult> SingleAsync(int connections, int messages) => RunAsync(connections, messages, 1, null, null);

    /// <summary>Sends at a fixed rate over kept connections; <paramref name="accepted"/> is told the moment of each 250.</summary>
    public Task<LoadResult> PacedAsync(int connections, int messages, double perSecond, Action<int, long> accepted) => RunAsync(connections, messages, int.MaxValue, perSecond, accepted);

    private async Task<LoadResult> RunAsync(int connections, int messages, int perConnection, double? perSecond, Action<int, long>? accepted)
    {
        var next = -1;
        var latencies = new double[messages];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var mime = message.NewMime();
            for (var number = Interlocked.Increment(ref next); number < messages;)
            {
                var opened = Stopwatch.GetTimestamp();
                using var socket = new LineSocket();
                await OpenAsync(socket);
                for (var sent = 0; sent < perConnection && number < messages; sent++)
                {
                    if (perSecond is { } rate && TimeSpan.FromSeconds(number / rate) - clock.Elapsed is { Ticks: > 0 } due)
                    {
                        await Task.Delay(due);
                    }

                    var started = perConnection == 1 ? opened : Stopwatch.GetTimestamp();
                    await SendAsync(socket, mime, number);
                    var ended = Stopwatch.GetTimestamp();
                    latencies[number] = Stopwatch.GetElapsedTime(started, ended).TotalMilliseconds;
                    accepted?.Invoke(number, ended);
                    number = Interlocked.Increment(ref next);
                }

                await socket.WriteAsync(Quit);
                await socket.ExpectAsync('2');
            }
        })));
        return new LoadResult(messages, clock.Elapsed.TotalSeconds, latencies);
    }

    private async Task OpenAsync(LineSocket socket)
    {
        await socket.ConnectAsync(target);
        await socket.ExpectAsync('2');
        await socket.WriteAsync(Ehlo);
        await socket.ExpectAsync('2');
        await socket.WriteAsync(StartTls);
        await socket.ExpectAsync('2');
        await socket.StartTlsAsync();
        await socket.WriteAsync(Ehlo);
        await socket.ExpectAsync('2');
        if (token is not null)
        {
            var plain = Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{token}\0{token}"));
            await socket.WriteAsync(Encoding.ASCII.GetBytes($"AUTH PLAIN {plain}\r\n"));
            await socket.ExpectAsync('2');
        }
    }

    private async Task SendAsync(LineSocket socket, byte[] mime, int number)
    {
        var envelope = Encoding.ASCII.GetBytes($"MAIL FROM:<{message.ReversePath}>\r\nRCPT TO:<r{number:D10}@recipient.test>\r\nDATA\r\n");
        await socket.WriteAsync(envelope);
        await socket.ExpectAsync('2');
        await socket.ExpectAsync('2');
        await socket.ExpectAsync('3');
        message.NumberMime(mime, number);
        await socket.WriteAsync(mime);
        await socket.ExpectAsync('2');
    }
}
