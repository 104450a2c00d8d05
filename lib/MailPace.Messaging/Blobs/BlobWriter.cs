using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore.Models;

namespace MailPace.Messaging.Blobs;

/// <summary>
/// Writes a blob while its octets come, as NATS lays out an object store: a message for each chunk, then one with the facts, which makes
/// the blob exist. Each is on disk when its call returns, so nothing waits here but the chunk at hand. What isn't completed is taken
/// back; where that fails too it goes with its day.
/// </summary>
public sealed partial class BlobWriter : IAsyncDisposable
{
    /// <summary>Octets of a chunk: few syncs for a message, far below what NATS takes.</summary>
    public const int MaxChunk = 256 * 1024;

    private const string Bucket = $"$O.{Streams.Blobs}";

    private readonly INatsJSContext _jetStream;
    private readonly DurablePublish _publish;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _nuid = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(11));
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _chunks;
    private bool _isDone;

    internal BlobWriter(INatsJSContext jetStream, DurablePublish publish, string key, TimeProvider time, ILogger logger)
    {
        _jetStream = jetStream;
        _publish = publish;
        _time = time;
        _logger = logger;
        Key = key;
    }

    public string Key { get; }

    /// <summary>Octets so far.</summary>
    public int Size { get; private set; }

    private string ChunkSubject => $"{Bucket}.C.{_nuid}";

    /// <summary>Returns when the octets are on disk.</summary>
    /// <exception cref="NotDurableException">They aren't, or it isn't known.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var chunk = octets[..Math.Min(octets.Length, MaxChunk)];
            await SendAsync(ChunkSubject, chunk, string.Create(CultureInfo.InvariantCulture, $"{_nuid}.{_chunks++}"), null);
            _hash.AppendData(chunk.Span);
            Size += chunk.Length;
            octets = octets[chunk.Length..];
        }
    }

    /// <summary>Makes it exist.</summary>
    /// <exception cref="NotDurableException">It doesn't, or it isn't known.</exception>
    public async ValueTask CompleteAsync()
    {
        var facts = new ObjectMetadata
        {
            Name = Key,
            Bucket = Streams.Blobs,
            Nuid = _nuid,
            Size = (ulong)Size,
            MTime = _time.GetUtcNow(),
            Chunks = (uint)_chunks,
            Digest = "SHA-256=" + Padded(_hash.GetHashAndReset()),
            Options = new MetaDataOptions { MaxChunkSize = MaxChunk },
        };
        var subject = $"{Bucket}.M.{Padded(Encoding.UTF8.GetBytes(Key))}";
        await SendAsync(subject, JsonSerializer.SerializeToUtf8Bytes(facts, BlobFactsJsonContext.Default.ObjectMetadata), _nuid, new NatsHeaders { ["Nats-Rollup"] = "sub" });
        _isDone = true;
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_isDone || _chunks == 0)
        {
            return;
        }

        _isDone = true;
        try
        {
            // While there is no connection the client waits for one and heeds no cancellation.
            await PurgeAsync().WaitAsync(TimeSpan.FromSeconds(2), _time);
        }
        catch (Exception failure) when (failure is NatsException or IOException or TimeoutException)
        {
            LogLeft(_logger, Key, failure.Message);
        }
    }

    private async Task PurgeAsync()
    {
        var stream = await _jetStream.GetStreamAsync($"OBJ_{Streams.Blobs}");
        await stream.PurgeAsync(new StreamPurgeRequest { Filter = ChunkSubject });
    }

    private Task<PubAckResponse> SendAsync(string subject, ReadOnlyMemory<byte> payload, string id, NatsHeaders? headers)
        => _publish.SendOrThrowAsync(subject, payload, NatsRawSerializer<ReadOnlyMemory<byte>>.Default, new NatsJSPubOpts { MsgId = id }, headers);

    private static string Padded(ReadOnlySpan<byte> octets)
    {
        var text = Base64Url.EncodeToString(octets);
        return text.PadRight((text.Length + 3) / 4 * 4, '=');
    }

    [LoggerMessage(MessagingEventIds.BlobLeft, LogLevel.Warning, "Chunks of blob {Key}, which was not completed, are left until their day goes: {Reason}")]
    private static partial void LogLeft(ILogger logger, string key, string reason);
}
