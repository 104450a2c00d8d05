using System.Diagnostics;
using System.Globalization;
using System.Net;
using MailPace.Bench.Systems;
using MailPace.Testing;

namespace MailPace.Bench.Sinks;

/// <summary>Postfix's <c>smtp-sink</c>: the same receiver for every system. Its counters (<c>-c</c>) tell when all has arrived.</summary>
internal sealed class SmtpSinkProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private volatile int _messages;
    private TaskCompletionSource? _reached;
    private int _target;

    private SmtpSinkProcess(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
        _reading = ReadCountersAsync();
    }

    public IPEndPoint EndPoint { get; }

    public int Messages => _messages;

    public static async Task<SmtpSinkProcess> StartAsync()
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        var start = new ProcessStartInfo("smtp-sink")
        {
            ArgumentList = { "-c", "-u", "nobody", string.Create(CultureInfo.InvariantCulture, $"{endPoint.Address}:{endPoint.Port}"), "1000" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!Environment.IsPrivilegedProcess)
        {
            start.ArgumentList.RemoveAt(1);
            start.ArgumentList.RemoveAt(1);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("smtp-sink did not start.");
        await Listener.WaitAsync(endPoint);
        return new SmtpSinkProcess(process, endPoint);
    }

    /// <summary>Completes when the sink has answered 250 to <paramref name="messages"/> messages in all.</summary>
    public Task ReachAsync(int messages, TimeSpan limit)
    {
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _target = messages;
        if (_messages >= messages)
        {
            _reached.TrySetResult();
        }

        return _reached.Task.WaitAsync(limit);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    /// <summary>Reads <c>sess=… quit=… mesg=…</c>, printed with a carriage return at each change.</summary>
    private async Task ReadCountersAsync()
    {
        var buffer = new char[4096];
        var line = new System.Text.StringBuilder();
        int read;
        while ((read = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, read))
            {
                if (c is not ('\r' or '\n'))
                {
                    line.Append(c);
                    continue;
                }

                Count(line.ToString());
                line.Clear();
            }
        }
    }

    private void Count(string counters)
    {
        var at = counters.IndexOf("mesg=", StringComparison.Ordinal);
        if (at >= 0 && int.TryParse(counters.AsSpan(at + 5).Trim(), CultureInfo.InvariantCulture, out var messages))
        {
            _messages = messages;
            if (messages >= _target)
            {
                _reached?.TrySetResult();
            }
        }
    }
}
