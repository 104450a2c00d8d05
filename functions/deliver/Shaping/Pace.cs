namespace MailPace.Deliver.Shaping;

/// <summary>Lets messages begin at a rate, with hardly a burst. Not safe across threads.</summary>
internal struct Pace
{
    private double _rate;
    private double _tokens;
    private long _refilledAt;

    /// <summary>How long until the next one may begin; zero when one may now.</summary>
    public readonly TimeSpan Wait => _rate <= 0 || _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - _tokens) / _rate);

    /// <summary>A little more than the one that begins, or what a late look finds would be lost.</summary>
    private readonly double Burst => 1.5 + (_rate / 20);

    public void Set(double rate, long now, TimeProvider time)
    {
        Refill(now, time);
        if (_rate <= 0)
        {
            _tokens = 1;
        }

        _rate = rate;
        _tokens = Math.Min(_tokens, Burst);
    }

    public void Refill(long now, TimeProvider time)
    {
        _tokens = Math.Min(Burst, _tokens + (_rate * time.GetElapsedTime(_refilledAt, now).TotalSeconds));
        _refilledAt = now;
    }

    public void Take() => _tokens -= _rate <= 0 ? 0 : 1;
}
