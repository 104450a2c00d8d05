using MailPace.Contracts.Directory;

namespace MailPace.Messaging.Directory;

/// <summary>
/// Addresses of all owners, 16 bytes each: the digest mixed with the owner. A million of them take some 30 MB, where the strings would
/// take 200. Sharded, because one writer and many readers share it.
/// </summary>
internal sealed class SuppressionSet
{
    private const int ShardCount = 16;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(static _ => new Shard())];
    private volatile int _count;

    public bool IsEmpty => _count == 0;

    public bool Contains(ListOwner owner, UInt128 digest) => ShardOf(digest).Contains(Fingerprint(owner, digest));

    public void Add(ListOwner owner, UInt128 digest)
    {
        if (ShardOf(digest).Add(Fingerprint(owner, digest)))
        {
            Interlocked.Increment(ref _count);
        }
    }

    public void Remove(ListOwner owner, UInt128 digest)
    {
        if (ShardOf(digest).Remove(Fingerprint(owner, digest)))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>An odd multiplier spreads the owner over the word, so that owners close together never cancel out.</summary>
    private static UInt128 Fingerprint(ListOwner owner, UInt128 digest) => digest ^ unchecked((ulong)owner.Number * 0x9E3779B97F4A7C15UL);

    private Shard ShardOf(UInt128 digest) => _shards[(int)(ulong)(digest >> 124)];

    private sealed class Shard
    {
        private readonly Lock _lock = new();
        private readonly HashSet<UInt128> _fingerprints = [];

        public bool Contains(UInt128 fingerprint)
        {
            lock (_lock)
            {
                return _fingerprints.Contains(fingerprint);
            }
        }

        public bool Add(UInt128 fingerprint)
        {
            lock (_lock)
            {
                return _fingerprints.Add(fingerprint);
            }
        }

        public bool Remove(UInt128 fingerprint)
        {
            lock (_lock)
            {
                return _fingerprints.Remove(fingerprint);
            }
        }
    }
}
