using System.Text;
using MailPace.Contracts.Directory;
using MailPace.Messaging.Directory;
using MailPace.Storage.Directory;

namespace MailPace.Record.Feeding;

/// <summary>Carries PostgreSQL's truth into the bucket <c>directory</c>: changes one by one, or everything.</summary>
public sealed class DirectoryPublisher(DirectoryOutbox outbox, DirectoryWriter writer)
{
    private const int BatchSize = 500;

    /// <summary>Publishes what waits in the outbox, in order; answers how much.</summary>
    public async Task<int> DrainAsync(CancellationToken cancellationToken)
    {
        var total = 0;
        while (true)
        {
            var published = await outbox.DrainAsync(BatchSize, PublishAsync, cancellationToken);
            total += published;
            if (published < BatchSize)
            {
                return total;
            }
        }
    }

    /// <summary>Makes the bucket what PostgreSQL says, and nothing else; answers the number of entries.</summary>
    public Task<int> ResyncAsync(CancellationToken cancellationToken)
        => outbox.ResyncAsync(
            async (entries, suppressions, token) =>
            {
                // Puts before deletes: a reader never misses what is there before and after.
                foreach (var (key, value) in entries)
                {
                    await writer.PutAsync(key, Encoding.UTF8.GetBytes(value), token);
                }

                await writer.ReplaceSuppressionsAsync(suppressions, token);
                var stale = new List<string>();
                await foreach (var key in writer.ReadKeysAsync(token))
                {
                    if (!entries.ContainsKey(key) && !key.StartsWith(DirectoryKeys.SuppressionPrefix, StringComparison.Ordinal))
                    {
                        stale.Add(key);
                    }
                }

                foreach (var key in stale)
                {
                    await writer.DeleteAsync(key, token);
                }
            },
            cancellationToken);

    /// <summary>Replaces the suppressions' log by a snapshot once it has more than so many entries.</summary>
    /// <returns>Whether it did.</returns>
    public async Task<bool> CompactAsync(int entries, CancellationToken cancellationToken)
    {
        if (await writer.CountSuppressionEntriesAsync(cancellationToken) <= entries)
        {
            return false;
        }

        await outbox.SnapshotSuppressionsAsync(writer.ReplaceSuppressionsAsync, cancellationToken);
        return true;
    }

    private Task PublishAsync(OutboxEntry entry, CancellationToken cancellationToken)
        => entry.Value is { } value
            ? writer.PutAsync(entry.Key, Encoding.UTF8.GetBytes(value), cancellationToken)
            : writer.DeleteAsync(entry.Key, cancellationToken);
}
