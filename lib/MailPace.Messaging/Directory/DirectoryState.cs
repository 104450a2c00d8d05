using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MailPace.Contracts;
using MailPace.Contracts.Directory;

namespace MailPace.Messaging.Directory;

/// <summary>
/// What the bucket says, as immutable records behind one dictionary read each. One writer, the watch; readers take no lock.
/// A snapshot that is still being read fills a state of its own, which then replaces the old one whole.
/// </summary>
internal sealed class DirectoryState
{
    private readonly ConcurrentDictionary<string, TokenEntry> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, DomainEntry> _domains = new();
    private readonly ConcurrentDictionary<long, OrganisationEntry> _organisations = new();
    private readonly ConcurrentDictionary<long, DkimKeysEntry> _dkimKeys = new();
    private readonly ConcurrentDictionary<string, InboundEndpointEntry> _inboundEndpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, WebhooksEntry> _webhooks = new();
    private readonly SuppressionLists _suppressions = new();

    public TokenEntry? FindToken(string secretHash) => _tokens.GetValueOrDefault(secretHash);

    public DomainEntry? FindDomain(long id) => _domains.GetValueOrDefault(id);

    public OrganisationEntry? FindOrganisation(long id) => _organisations.GetValueOrDefault(id);

    public DkimKeysEntry? FindDkimKeys(long domainId) => _dkimKeys.GetValueOrDefault(domainId);

    public InboundEndpointEntry? FindInboundEndpoint(string host) => _inboundEndpoints.GetValueOrDefault(host);

    public WebhooksEntry? FindWebhooks(long domainId) => _webhooks.GetValueOrDefault(domainId);

    public ICollection<WebhooksEntry> Webhooks => _webhooks.Values;

    public bool IsSuppressed(long domainId, string address) => _suppressions.IsSuppressed(domainId, FindDomain(domainId)?.OrganisationId, address);

    /// <summary>Takes a put; false when key or value say nothing that this version understands, and then the former value stays.</summary>
    public bool TryPut(string key, in ReadOnlySequence<byte> json)
    {
        if (key.StartsWith(DirectoryKeys.SuppressionPrefix, StringComparison.Ordinal))
        {
            return _suppressions.TryApply(json);
        }

        if (key.StartsWith(DirectoryKeys.TokenPrefix, StringComparison.Ordinal))
        {
            return TrySet(_tokens, key[DirectoryKeys.TokenPrefix.Length..], json, ContractsJsonContext.Default.TokenEntry);
        }

        if (key.StartsWith(DirectoryKeys.InboundPrefix, StringComparison.Ordinal))
        {
            return TrySet(_inboundEndpoints, key[DirectoryKeys.InboundPrefix.Length..], json, ContractsJsonContext.Default.InboundEndpointEntry);
        }

        if (TryReadId(key, DirectoryKeys.DomainPrefix, out var id))
        {
            return TrySet(_domains, id, json, ContractsJsonContext.Default.DomainEntry);
        }

        if (TryReadId(key, DirectoryKeys.OrganisationPrefix, out id))
        {
            return TrySet(_organisations, id, json, ContractsJsonContext.Default.OrganisationEntry);
        }

        if (TryReadId(key, DirectoryKeys.WebhooksPrefix, out id))
        {
            return TrySet(_webhooks, id, json, ContractsJsonContext.Default.WebhooksEntry);
        }

        return TryReadId(key, DirectoryKeys.DkimPrefix, out id)
            && TrySet(_dkimKeys, id, json, ContractsJsonContext.Default.DkimKeysEntry);
    }

    /// <summary>Takes a delete; false for a key that this version doesn't understand.</summary>
    public bool TryDelete(string key)
    {
        if (key.StartsWith(DirectoryKeys.SuppressionPrefix, StringComparison.Ordinal))
        {
            return true; // its changes are in a snapshot
        }

        if (key.StartsWith(DirectoryKeys.TokenPrefix, StringComparison.Ordinal))
        {
            _tokens.TryRemove(key[DirectoryKeys.TokenPrefix.Length..], out _);
            return true;
        }

        if (key.StartsWith(DirectoryKeys.InboundPrefix, StringComparison.Ordinal))
        {
            _inboundEndpoints.TryRemove(key[DirectoryKeys.InboundPrefix.Length..], out _);
            return true;
        }

        if (TryReadId(key, DirectoryKeys.DomainPrefix, out var id))
        {
            _domains.TryRemove(id, out _);
            return true;
        }

        if (TryReadId(key, DirectoryKeys.OrganisationPrefix, out id))
        {
            _organisations.TryRemove(id, out _);
            return true;
        }

        if (TryReadId(key, DirectoryKeys.WebhooksPrefix, out id))
        {
            _webhooks.TryRemove(id, out _);
            return true;
        }

        if (!TryReadId(key, DirectoryKeys.DkimPrefix, out id))
        {
            return false;
        }

        _dkimKeys.TryRemove(id, out _);
        return true;
    }

    private static bool TryReadId(string key, string prefix, out long id)
    {
        id = 0;
        return key.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(key.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    private static bool TrySet<TKey, TEntry>(
        ConcurrentDictionary<TKey, TEntry> entries, TKey key, in ReadOnlySequence<byte> json, JsonTypeInfo<TEntry> type)
        where TKey : notnull
        where TEntry : class
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (JsonSerializer.Deserialize(ref reader, type) is not { } entry)
            {
                return false;
            }

            entries[key] = entry;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
