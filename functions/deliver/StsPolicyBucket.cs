using System.Text.Json;
using MailPace.Contracts;
using MailPace.Smtp.Security;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;

namespace MailPace.Deliver;

/// <summary>Keeps MTA-STS policies in NATS, for all processes and over restarts. What is too old is passed over by who asks, and stays until a newer one comes.</summary>
internal sealed class StsPolicyBucket(INatsJSContext jetStream) : IStsPolicyStore
{
    public async Task<StsEntry?> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var store = await OpenAsync(cancellationToken);
        var entry = await store.TryGetEntryAsync<string>(domain.ToLowerInvariant(), cancellationToken: cancellationToken);
        return entry is { Success: true, Value.Value: { } text } ? JsonSerializer.Deserialize(text, DeliverJsonContext.Default.StsEntry) : null;
    }

    public async Task SaveAsync(string domain, StsEntry entry, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        var store = await OpenAsync(cancellationToken);
        await store.PutAsync(domain.ToLowerInvariant(), JsonSerializer.Serialize(entry, DeliverJsonContext.Default.StsEntry), cancellationToken: cancellationToken);
    }

    private ValueTask<INatsKVStore> OpenAsync(CancellationToken cancellationToken) => new NatsKVContext(jetStream).GetStoreAsync(Streams.TlsPolicies, cancellationToken);
}
