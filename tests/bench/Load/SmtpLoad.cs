using System.Diagnostics;
using System.Net;
using System.Text;

namespace MailPace.Bench.Load;

/// <summary>
/// Hands in messages over SMTP. Every system gets the same octets: EHLO, where told STARTTLS and EHLO again, AUTH where it asks for one,
/// then MAIL, RCPT and DATA in one segment, the body in the next.
/// </summary>
internal sealed class SmtpLoad(IPEndPoint target, bool tls, BenchMessage message, string? token)
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
        var latencies = new double[messages];
        var seconds = await new Senders(messages, perSecond).RunAsync(connections, senders =>
        {
            var mime = message.NewMime();
            for (var more = senders.TryNext(out var number); more;)
            {
                var opened = Stopwatch.GetTimestamp();
                using var socket = Open();
                for (var sent = 0; sent < perConnection && more; sent++)
                {
                    var started = perConnection == 1 ? opened : Stopwatch.GetTimestamp();
                    Send(socket, mime, number);
                    var ended = Stopwatch.GetTimestamp();
                    latencies[number] = Stopwatch.GetElapsedTime(started, ended).TotalMilliseconds;
                    accepted?.Invoke(number, ended);
                    more = senders.TryNext(out number);
                }

                socket.Write(Quit);
                socket.Expect('2');
            }
        });
        return new LoadResult(messages, seconds, latencies);
    }

    private LineSocket Open()
    {
        var socket = new LineSocket(target);
        socket.Expect('2');
        socket.Write(Ehlo);
        socket.Expect('2');
        if (tls)
        {
            socket.Write(StartTls);
            socket.Expect('2');
            socket.StartTls();
            socket.Write(Ehlo);
            socket.Expect('2');
        }

        if (token is not null)
        {
            var plain = Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{token}\0{token}"));
            socket.Write(Encoding.ASCII.GetBytes($"AUTH PLAIN {plain}\r\n"));
            socket.Expect('2');
        }

        return socket;
    }

    private void Send(LineSocket socket, byte[] mime, int number)
    {
        socket.Write(Encoding.ASCII.GetBytes($"MAIL FROM:<{message.ReversePath}>\r\nRCPT TO:<r{number:D10}@recipient.test>\r\nDATA\r\n"));
        socket.Expect('2');
        socket.Expect('2');
        socket.Expect('3');
        message.NumberMime(mime, number);
        socket.Write(mime);
        socket.Expect('2');
    }
}
