using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MailPace.Bench.Load;

namespace MailPace.Bench.Sinks;

/// <summary>
/// A receiver that notes when it answered 250 to each numbered message: for latency, where <c>smtp-sink</c> tells no times. And one that
/// defers all while it's told to.
/// </summary>
internal sealed class TimingSink : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly long[] _answered;
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private int _answers;
    private volatile Waiter? _waiter;

    public TimingSink(int messages)
    {
        _answered = new long[messages];
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        Accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public Task Accepting { get; }

    /// <summary>Whether recipients get 451.</summary>
    public bool Defers { get; set; }

    /// <summary>Timestamp of the 250 to message <paramref name="number"/>; 0 while it hasn't come.</summary>
    public long AnsweredAt(int number) => _answered[number];

    /// <summary>Completes when so many messages were taken or deferred from now on.</summary>
    public Task AnswersAsync(int answers, TimeSpan limit)
    {
        var waiter = new Waiter(Volatile.Read(ref _answers) + answers);
        _waiter = waiter;
        return waiter.Reached.Task.WaitAsync(limit);
    }

    public Task AllAsync(TimeSpan limit) => _all.Task.WaitAsync(limit);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = await _listener.AcceptAsync();
            }
            catch (SocketException)
            {
                return; // disposed
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        using var socket = connection;
        socket.NoDelay = true;
        var buffer = new byte[65536];
        var kept = 0;
        var inData = false;
        var number = -1;
        await socket.SendAsync("220 sink.test ESMTP\r\n"u8.ToArray());
        var replies = new MemoryStream();
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(kept));
                if (read == 0)
                {
                    return;
                }

                var available = kept + read;
                var at = 0;
                while (true)
                {
                    var end = buffer.AsSpan(at, available - at).IndexOf((byte)'\n');
                    if (end < 0)
                    {
                        break;
                    }

                    var line = buffer.AsSpan(at, end + 1);
                    at += end + 1;
                    Take(line, ref inData, ref number, replies);
                }

                kept = available - at;
                buffer.AsSpan(at, kept).CopyTo(buffer);
                if (replies.Length > 0)
                {
                    await socket.SendAsync(replies.ToArray());
                    replies.SetLength(0);
                }
            }
        }
        catch (SocketException)
        {
            // The sender went away; what it had acknowledged is noted.
        }
    }

    private void Take(ReadOnlySpan<byte> line, ref bool inData, ref int number, MemoryStream replies)
    {
        if (inData)
        {
            if (line.SequenceEqual(".\r\n"u8))
            {
                inData = false;
                Note(number);
                Answered();
                replies.Write("250 2.0.0 Ok\r\n"u8);
            }

            return;
        }

        if (line.StartsWith("RCPT"u8))
        {
            number = BenchMessage.NumberIn(line);
            if (Defers)
            {
                replies.Write("451 4.3.0 Come back later\r\n"u8);
                Answered();
                return;
            }
        }

        if (Defers && line.StartsWith("DATA"u8))
        {
            replies.Write("503 5.5.1 No recipients\r\n"u8);
            return;
        }

        inData = line.StartsWith("DATA"u8);
        replies.Write(inData ? "354 go\r\n"u8 : line.StartsWith("EHLO"u8) ? "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"u8 : line.StartsWith("QUIT"u8) ? "221 bye\r\n"u8 : "250 2.1.0 Ok\r\n"u8);
    }

    private void Answered()
    {
        var answers = Interlocked.Increment(ref _answers);
        if (_waiter is { } waiter && answers >= waiter.Target)
        {
            waiter.Reached.TrySetResult();
        }
    }

    private void Note(int number)
    {
        if (number < 0 || number >= _answered.Length || Interlocked.CompareExchange(ref _answered[number], Stopwatch.GetTimestamp(), 0) != 0)
        {
            return;
        }

        if (Interlocked.Increment(ref _count) == _answered.Length)
        {
            _all.TrySetResult();
        }
    }

    private sealed record Waiter(int Target)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
