using System.Diagnostics;

namespace MailPace.Bench.Load;

/// <summary>A thread for each connection, all taking from one row of numbers.</summary>
internal sealed class Senders(int messages, double? perSecond)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _next = -1;

    /// <summary>The next message's number, at its time where there is a pace; false after the last.</summary>
    public bool TryNext(out int number)
    {
        number = Interlocked.Increment(ref _next);
        if (number >= messages)
        {
            return false;
        }

        if (perSecond is { } rate && TimeSpan.FromSeconds(number / rate) - _clock.Elapsed is { Ticks: > 0 } due)
        {
#pragma warning disable RS0030 // The pace is what is waited for.
            Thread.Sleep(due);
#pragma warning restore RS0030
        }

        return true;
    }

    /// <summary>Runs <paramref name="send"/> in each of <paramref name="threads"/> threads.</summary>
    /// <returns>Seconds until the last ended.</returns>
    public async Task<double> RunAsync(int threads, Action<Senders> send)
    {
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () => send(this), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return _clock.Elapsed.TotalSeconds;
    }
}
