using System.Collections.Concurrent;

namespace MailPace.Messaging.Intake;

/// <summary>
/// Idempotency keys whose first request runs in this process. It only makes a repeat fail fast and clearly: that there is
/// one email for a key is guaranteed by the stream, over processes and crashes.
/// </summary>
internal sealed class KeysInFlight
{
    private readonly ConcurrentDictionary<(long TokenId, string Key), byte> _keys = new();

    /// <summary>Null when the key is taken; otherwise dispose of it when the request is done.</summary>
    public IDisposable? TryClaim(long tokenId, string key) => _keys.TryAdd((tokenId, key), 0) ? new Claim(this, tokenId, key) : null;

    public bool Holds(long tokenId, string key) => _keys.ContainsKey((tokenId, key));

    private sealed class Claim(KeysInFlight owner, long tokenId, string key) : IDisposable
    {
        public void Dispose() => owner._keys.TryRemove((tokenId, key), out _);
    }
}
