using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging.Directory;

/// <summary>
/// Writes the bucket <c>directory</c>. PostgreSQL is the truth: the outbox feed and the resync call this, nobody else does.
/// Every call is a put or a delete by key, so repeating one changes nothing.
/// </summary>
public sealed class DirectoryWriter(INatsJSContext jetStream)
{
    private const string BucketStream = "KV_" + Streams.Directory;
    private const string SuppressionSubjects = "$KV." + Streams.Directory + "." + DirectoryKeys.SuppressionPrefix + ">";

    private readonly NatsKVContext _buckets = new(jetStream);
    private volatile INatsKVStore? _store;

    public Task PutTokenAsync(string secretHash, TokenEntry entry, CancellationToken cancellationToken)
        => PutAsync(DirectoryKeys.Token(secretHash), entry, ContractsJsonContext.Default.TokenEntry, cancellationToken);

    public Task PutDomainAsync(DomainEntry entry, CancellationToken cancellationToken)
        => PutAsync(DirectoryKeys.Domain(entry.Id), entry, ContractsJsonContext.Default.DomainEntry, cancellationToken);

    public Task PutOrganisationAsync(OrganisationEntry entry, CancellationToken cancellationToken)
        => PutAsync(DirectoryKeys.Organisation(entry.Id), entry, ContractsJsonContext.Default.OrganisationEntry, cancellationToken);

    public Task PutDkimKeysAsync(DkimKeysEntry entry, CancellationToken cancellationToken)
        => PutAsync(DirectoryKeys.Dkim(entry.DomainId), entry, ContractsJsonContext.Default.DkimKeysEntry, cancellationToken);

    public Task PutWebhooksAsync(WebhooksEntry entry, CancellationToken cancellationToken)
        => PutAsync(DirectoryKeys.Webhooks(entry.DomainId), entry, ContractsJsonContext.Default.WebhooksEntry, cancellationToken);

    public Task PutSuppressionsAsync(SuppressionAction action, ListOwner owner, IEnumerable<string> addresses, CancellationToken cancellationToken)
        => PutAsync(
            DirectoryKeys.NewSuppressions(),
            Encoding.UTF8.GetBytes(SuppressionLog.Write(SnapshotPart.None, [new(action, owner, [.. addresses.Select(AddressDigest.Of)])])),
            cancellationToken);

    /// <param name="host">Inbound host, an A-label in lower case.</param>
    /// <param name="entry">Where its mail goes.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public Task PutInboundEndpointAsync(string host, InboundEndpointEntry entry, CancellationToken cancellationToken)
        => PutAsync(DirectoryKeys.Inbound(host), entry, ContractsJsonContext.Default.InboundEndpointEntry, cancellationToken);

    /// <summary>Puts an entry as it stands in an outbox row.</summary>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var store = await OpenAsync(cancellationToken);
        await store.PutAsync(key, json, cancellationToken: cancellationToken);
    }

    /// <summary>Puts a whole snapshot of the Block and Allow Lists, and removes what is before it.</summary>
    public async Task ReplaceSuppressionsAsync(IEnumerable<string> snapshot, CancellationToken cancellationToken)
    {
        var store = await OpenAsync(cancellationToken);
        ulong first = 0;
        foreach (var entry in snapshot)
        {
            var revision = await store.PutAsync(DirectoryKeys.NewSuppressions(), Encoding.UTF8.GetBytes(entry), cancellationToken: cancellationToken);
            first = first == 0 ? revision : first;
        }

        if (first > 0)
        {
            await jetStream.PurgeStreamAsync(BucketStream, new StreamPurgeRequest { Filter = SuppressionSubjects, Seq = first }, cancellationToken);
        }
    }

    /// <summary>Entries of the suppressions' log: what a process has to read when it starts.</summary>
    public async Task<long> CountSuppressionEntriesAsync(CancellationToken cancellationToken)
    {
        var stream = await jetStream.GetStreamAsync(BucketStream, new StreamInfoRequest { SubjectsFilter = SuppressionSubjects }, cancellationToken);
        return stream.Info.State.Subjects?.Count ?? 0;
    }

    /// <summary>Deletes a key; one that isn't there is no error.</summary>
    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var store = await OpenAsync(cancellationToken);
        await store.PurgeAsync(key, cancellationToken: cancellationToken);
    }

    /// <summary>Every key there is: a resync deletes those that PostgreSQL doesn't have.</summary>
    public async IAsyncEnumerable<string> ReadKeysAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await OpenAsync(cancellationToken);
        await foreach (var key in store.GetKeysAsync(cancellationToken: cancellationToken))
        {
            yield return key;
        }
    }

    private Task PutAsync<T>(string key, T entry, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        => PutAsync(key, JsonSerializer.SerializeToUtf8Bytes(entry, type), cancellationToken);

    private async ValueTask<INatsKVStore> OpenAsync(CancellationToken cancellationToken)
        => _store ??= await _buckets.GetStoreAsync(Streams.Directory, cancellationToken);
}
