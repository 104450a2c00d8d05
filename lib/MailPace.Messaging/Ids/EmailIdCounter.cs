using System.Globalization;
using MailPace.Contracts;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging.Ids;

/// <summary>
/// The first email id that no process has taken, in the bucket <see cref="Streams.Counters"/>. Whoever takes ids never makes it: a
/// counter that is gone says nothing about what was given out, and history knows. So <c>record</c> makes it, from history.
/// </summary>
public sealed class EmailIdCounter(INatsJSContext jetStream)
{
    private const string Key = "email-id";

    /// <summary>The next id; null while there is no counter.</summary>
    public async Task<long?> ReadAsync(CancellationToken cancellationToken)
    {
        var store = await new NatsKVContext(jetStream).GetStoreAsync(Streams.Counters, cancellationToken);
        var entry = await store.TryGetEntryAsync<string>(Key, cancellationToken: cancellationToken);
        if (entry.Success)
        {
            return Parse(entry.Value.Value);
        }

        return entry.Error is NatsKVKeyNotFoundException or NatsKVKeyDeletedException ? null : throw entry.Error;
    }

    /// <summary>From now on no id below <paramref name="floor"/> is given out; a counter that is further stays as it is.</summary>
    public Task RaiseAsync(long floor, CancellationToken cancellationToken)
        => CounterEntry.ChangeAsync(
            jetStream,
            Key,
            (text, _) => ValueTask.FromResult<(bool, string?)>(Parse(text) >= floor ? (false, null) : (true, Text(floor))),
            cancellationToken);

    /// <summary>The first of so many ids; null while there is no counter.</summary>
    internal Task<long?> TakeAsync(int count, CancellationToken cancellationToken)
        => CounterEntry.ChangeAsync(
            jetStream,
            Key,
            (text, _) => ValueTask.FromResult<(long?, string?)>(Parse(text) is { } next ? (next, Text(next + count)) : (null, null)),
            cancellationToken);

    private static long? Parse(string? text) => text is null ? null : long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
