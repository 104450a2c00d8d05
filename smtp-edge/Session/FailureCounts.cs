namespace MailPace.SmtpEdge.Session;

/// <summary>
/// Failures in a row by key, in bounded memory: two generations, of which the younger one takes what is touched. When it is full it
/// becomes the older one, whose keys, untouched for longest, go.
/// </summary>
internal sealed class FailureCounts(int limit, TimeSpan lockout, TimeProvider time)
{
    private const int MostOfAGeneration = 50_000;

    private readonly Lock _lock = new();
    private Dictionary<UInt128, Failures> _younger = [];
    private Dictionary<UInt128, Failures> _older = [];

    /// <summary>Keys that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _younger.Count + _older.Count;
            }
        }
    }

    public bool IsLockedOut(UInt128 key)
    {
        lock (_lock)
        {
            return CountOf(key) >= limit;
        }
    }

    /// <returns>The failures in a row, this one included.</returns>
    public int Add(UInt128 key)
    {
        lock (_lock)
        {
            var count = CountOf(key) + 1;
            _older.Remove(key);
            if (_younger.Count >= MostOfAGeneration && !_younger.ContainsKey(key))
            {
                (_older, _younger) = (_younger, []);
            }

            _younger[key] = new Failures(count, time.GetTimestamp());
            return count;
        }
    }

    public void Forget(UInt128 key)
    {
        lock (_lock)
        {
            _younger.Remove(key);
            _older.Remove(key);
        }
    }

    private int CountOf(UInt128 key) =>
        (_younger.TryGetValue(key, out var failures) || _older.TryGetValue(key, out failures)) && time.GetElapsedTime(failures.LastAt) < lockout
            ? failures.Count
            : 0;

    private readonly record struct Failures(int Count, long LastAt);
}
