using System.Text.Json;
using MailPace.Contracts;
using MailPace.Contracts.Shaping;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging.Shaping;

/// <summary>The bucket <see cref="Streams.Shaping"/>: one entry per MX group, changed by compare-and-set.</summary>
public sealed class GroupStates(INatsJSContext jetStream)
{
    /// <summary>How often a change is tried against faster processes before it waits for its next turn.</summary>
    private const int Tries = 8;

    private INatsKVStore? _store;

    /// <summary>Changes a group's entry.</summary>
    /// <param name="group">Name of the group.</param>
    /// <param name="known">The entry as this process saw it last: where it's still so, the change costs one request.</param>
    /// <param name="change">From the entry as it is to the one to write. Called again when another process was faster.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <returns>The entry as written; null where others were faster each time.</returns>
    /// <exception cref="NatsException">The bucket is away.</exception>
    public async Task<SeenGroup?> ChangeAsync(string group, SeenGroup? known, Func<GroupState, GroupState> change, CancellationToken cancellationToken)
    {
        var store = await StoreAsync(cancellationToken);
        var seen = known ?? await ReadAsync(store, group, cancellationToken);
        for (var tries = 0; tries < Tries; tries++)
        {
            var changed = change(seen.State);
            var data = JsonSerializer.SerializeToUtf8Bytes(changed, ContractsJsonContext.Default.GroupState);
            var written = seen.Revision == 0
                ? await store.TryCreateAsync(group, data, NatsRawSerializer<byte[]>.Default, cancellationToken)
                : await store.TryUpdateAsync(group, data, seen.Revision, NatsRawSerializer<byte[]>.Default, cancellationToken);
            if (written.Success)
            {
                return new SeenGroup(changed, written.Value);
            }

            if (written.Error is not (NatsKVWrongLastRevisionException or NatsKVCreateException))
            {
                throw written.Error;
            }

            seen = await ReadAsync(store, group, cancellationToken);
        }

        return null;
    }

    public async Task<SeenGroup> FindAsync(string group, CancellationToken cancellationToken) => await ReadAsync(await StoreAsync(cancellationToken), group, cancellationToken);

    /// <summary>All groups that were sent to lately.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, GroupState>>> ListAsync(CancellationToken cancellationToken)
    {
        var store = await StoreAsync(cancellationToken);
        var found = new List<KeyValuePair<string, GroupState>>();
        await foreach (var key in store.GetKeysAsync(cancellationToken: cancellationToken))
        {
            found.Add(new(key, (await ReadAsync(store, key, cancellationToken)).State));
        }

        return found;
    }

    private static async Task<SeenGroup> ReadAsync(INatsKVStore store, string group, CancellationToken cancellationToken)
    {
        var entry = await store.TryGetEntryAsync(group, serializer: NatsRawSerializer<byte[]>.Default, cancellationToken: cancellationToken);
        if (entry.Success)
        {
            return new SeenGroup(JsonSerializer.Deserialize(entry.Value.Value, ContractsJsonContext.Default.GroupState)!, entry.Value.Revision);
        }

        return entry.Error is NatsKVKeyNotFoundException or NatsKVKeyDeletedException ? new SeenGroup(new GroupState(), 0) : throw entry.Error;
    }

    private async ValueTask<INatsKVStore> StoreAsync(CancellationToken cancellationToken)
        => _store ??= await new NatsKVContext(jetStream).GetStoreAsync(Streams.Shaping, cancellationToken);
}
