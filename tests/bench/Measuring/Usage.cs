namespace MailPace.Bench.Measuring;

/// <summary>CPU seconds spent and the highest memory seen between start and <see cref="StopAsync"/>.</summary>
internal sealed class Usage : IDisposable
{
    private readonly ProcessTree _tree;
    private readonly double _cpuAtStart;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private double _peakMb;

    public Usage(ProcessTree tree)
    {
        _tree = tree;
        _cpuAtStart = tree.CpuSeconds();
        _sampling = SampleAsync();
    }

    public async Task<(double CpuSeconds, double PeakMb)> StopAsync()
    {
        var cpu = _tree.CpuSeconds() - _cpuAtStart;
        await _stop.CancelAsync();
        await _sampling;
        _peakMb = Math.Max(_peakMb, _tree.MemoryMb());
        return (cpu, _peakMb);
    }

    public void Dispose() => _stop.Dispose();

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _peakMb = Math.Max(_peakMb, _tree.MemoryMb());
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
