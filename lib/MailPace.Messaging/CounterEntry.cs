using MailPace.Contracts;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging;

/// <summary>An entry of the bucket <see cref="Streams.Counters"/>, which several processes change: by compare-and-set, until none was faster.</summary>
internal static class CounterEntry
{
    /// <param name="jetStream">Where the bucket is.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="change">From its text, null where there is none, to a result and the new text; null leaves it as it is. Called again when another process was faster.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    /// <returns>The result of the change that was written.</returns>
    public static async Task<T> ChangeAsync<T>(
        INatsJSContext jetStream, string key, Func<string?, CancellationToken, ValueTask<(T Result, string? Text)>> change, CancellationToken cancellationToken)
    {
        var store = await new NatsKVContext(jetStream).GetStoreAsync(Streams.Counters, cancellationToken);
        while (true)
        {
            var current = await store.TryGetEntryAsync<string>(key, cancellationToken: cancellationToken);
            var (result, text) = await change(current.Success ? current.Value.Value : null, cancellationToken);
            if (text is null)
            {
                return result;
            }

            var written = current.Success
                ? await store.TryUpdateAsync(key, text, current.Value.Revision, cancellationToken: cancellationToken)
                : await store.TryCreateAsync(key, text, cancellationToken: cancellationToken);
            if (written.Success)
            {
                return result;
            }

            if (written.Error is not (NatsKVWrongLastRevisionException or NatsKVCreateException))
            {
                throw written.Error; // not another process that was faster: the bucket is full or away
            }
        }
    }
}
