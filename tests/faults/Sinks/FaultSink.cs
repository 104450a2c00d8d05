using System.Net;
using System.Net.Sockets;

namespace MailPace.Faults.Sinks;

/// <summary>
/// The remote mail server. It lives in this program, so that it outlives what is killed, and it counts a message as stored before it
/// answers, as a real one does.
/// </summary>
internal sealed class FaultSink : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Random _random;
    private readonly Task _accepting;

    public FaultSink(int seed)
    {
        _random = new Random(seed);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(256);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public SinkStore Store { get; } = new();

    public SinkManners Manners { get; set; } = SinkManners.Ordinary;

    /// <summary>Addresses that begin so are refused for good.</summary>
    public static string RefusedPrefix => "nobody-";

    public bool Happens(double share)
    {
        lock (_random)
        {
            return _random.NextDouble() < share;
        }
    }

    public int Below(int limit)
    {
        lock (_random)
        {
            return _random.Next(limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptAsync(_stopping.Token);
                sessions.RemoveAll(static session => session.IsCompleted);
                sessions.Add(new SinkSession(this, connection).RunAsync(_stopping.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }
}
