using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailPace.Contracts.Directory;

namespace MailPace.Messaging.Directory;

/// <summary>
/// The suppressed addresses of all domains, 16 bytes each: the first half of the address' SHA-256 mixed with the domain id.
/// A million of them take some 30 MB, where the strings would take 200. Sharded, because one writer and many readers share it.
/// </summary>
internal sealed class SuppressionSet
{
    private const int ShardCount = 16;
    private const int DigestHexLength = 64;

    private readonly Shard[] _shards = [.. Enumerable.Range(0, ShardCount).Select(static _ => new Shard())];

    public bool Contains(long domainId, string address)
    {
        var lower = address.ToLowerInvariant();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(lower), digest);
        return ShardOf(digest).Contains(Fingerprint(domainId, digest));
    }

    /// <param name="key">The bucket's key, <c>suppression.&lt;domain id&gt;.&lt;sha256 hex&gt;</c>.</param>
    public bool TryAdd(string key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (!TryReadKey(key, digest, out var domainId))
        {
            return false;
        }

        ShardOf(digest).Add(Fingerprint(domainId, digest));
        return true;
    }

    public bool TryRemove(string key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (!TryReadKey(key, digest, out var domainId))
        {
            return false;
        }

        ShardOf(digest).Remove(Fingerprint(domainId, digest));
        return true;
    }

    private static bool TryReadKey(string key, Span<byte> digest, out long domainId)
    {
        domainId = 0;
        var rest = key.AsSpan(DirectoryKeys.SuppressionPrefix.Length);
        var dot = rest.IndexOf('.');
        return dot > 0
            && rest.Length - dot - 1 == DigestHexLength
            && long.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out domainId)
            && Convert.FromHexString(rest[(dot + 1)..], digest, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static UInt128 Fingerprint(long domainId, ReadOnlySpan<byte> digest)
    {
        // An odd multiplier spreads the id over the word, so that ids close together never cancel out.
        var mixed = unchecked((ulong)domainId * 0x9E3779B97F4A7C15UL);
        return new UInt128(
            BinaryPrimitives.ReadUInt64LittleEndian(digest),
            BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]) ^ mixed);
    }

    private Shard ShardOf(ReadOnlySpan<byte> digest) => _shards[digest[16] % ShardCount];

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

        public void Add(UInt128 fingerprint)
        {
            lock (_lock)
            {
                _fingerprints.Add(fingerprint);
            }
        }

        public void Remove(UInt128 fingerprint)
        {
            lock (_lock)
            {
                _fingerprints.Remove(fingerprint);
            }
        }
    }
}
