using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Connection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Publishing;

/// <summary>
/// Makes accepted mail durable in MAIL. An email without a key goes with the next bundle of its partition. One with an idempotency key
/// is stored alone, on a subject made of the key, with the condition that the subject is empty: MAIL itself is the record of
/// the key, so no crash can part the claim from the email.
/// </summary>
public sealed class MailPublisher : IAsyncDisposable
{
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    private readonly INatsJSContext _jetStream;
    private readonly BundlePublisher[] _partitions;
    private readonly DurablePublish _publish;
    private readonly PublishHealth _health;
    private readonly TimeProvider _time;

    public MailPublisher(INatsJSContext jetStream, IOptions<NatsOptions> nats, IOptions<PublishOptions> options, PublishHealth health, TimeProvider time, ILogger<MailPublisher> logger)
    {
        _jetStream = jetStream;
        _health = health;
        _time = time;
        _publish = new DurablePublish(jetStream, options.Value, health, time);
        _partitions = [.. Enumerable.Range(0, nats.Value.Partitions).Select(partition => new BundlePublisher(jetStream, Subjects.Mail(partition), partition, options.Value, health, time, logger))];
    }

    /// <summary>Why no email should be begun now; null when it may.</summary>
    public string? Fault => _health.FaultOf("mail.", _jetStream.Connection.ConnectionState == NatsConnectionState.Open);

    /// <param name="email">Its facts; with <see cref="AcceptedEmail.BlobKey"/>, <paramref name="mime"/> is empty.</param>
    /// <param name="mime">The message; must not change until this returns.</param>
    /// <exception cref="NotDurableException">Nothing was accepted.</exception>
    public Task<StoredAt> PublishAsync(AcceptedEmail email, ReadOnlyMemory<byte> mime) =>
        _partitions[email.Id % _partitions.Length].PublishAsync(ItemOf(email, mime));

    /// <summary>The email that has the key since less than 24 hours; null when the key is free.</summary>
    /// <param name="tokenId">The key's scope.</param>
    /// <param name="key">The client's idempotency key.</param>
    /// <param name="requestHash">Tells a repeat from another request.</param>
    /// <param name="requestBytes">What is held in memory until the answer.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="NotDurableException">It isn't known.</exception>
    public async Task<KeyedPublish.Repeat?> FindKeyedAsync(long tokenId, string key, string? requestHash, int requestBytes, CancellationToken cancellationToken)
    {
        var (partition, hash) = PlaceOf(tokenId, key);
        using var room = _partitions[partition].Reserve(requestBytes);
        var stored = await LastAsync(partition, Subjects.KeyedMail(partition, hash), cancellationToken);
        return stored is not null && IsKept(stored.Email) ? RepeatOf(stored.Email, requestHash) : null;
    }

    /// <summary>Stores the email unless the key was used within 24 hours.</summary>
    /// <param name="email">With its <see cref="AcceptedEmail.RequestHash"/>.</param>
    /// <param name="mime">The message.</param>
    /// <param name="key">The client's idempotency key; its scope is the API token.</param>
    /// <param name="cancellationToken">Ends the reading of a stored email; never a publish under way.</param>
    /// <exception cref="NotDurableException">Nothing was accepted.</exception>
    public async Task<KeyedPublish> PublishKeyedAsync(AcceptedEmail email, ReadOnlyMemory<byte> mime, string key, CancellationToken cancellationToken)
    {
        var (partition, hash) = PlaceOf(email.TokenId, key);
        var subject = Subjects.KeyedMail(partition, hash);
        var item = ItemOf(email, mime);
        using var room = _partitions[partition].Reserve(item.EncodedSize);
        ReadOnlyMemory<BundleItem> bundle = new[] { item };
        ulong expected = 0;
        while (true)
        {
            var options = new NatsJSPubOpts
            {
                MsgId = FormattableString.Invariant($"{hash}-{email.Id}"),
                ExpectedLastSubjectSequence = expected,
            };
            var answer = await _publish.SendAsync(subject, bundle, BundleSerializer.Instance, options, null);
            if (answer.Error is null)
            {
                return new KeyedPublish.Stored(new StoredAt(partition, (long)answer.Seq));
            }

            if (answer.Error.ErrCode != DurablePublish.WrongLastSequence)
            {
                throw new NotDurableException(DurablePublish.Refusal(subject, answer.Error));
            }

            var stored = await LastAsync(partition, subject, cancellationToken);
            if (stored is null)
            {
                expected = 0; // it aged out between the two questions
                continue;
            }

            if (stored.Email.Id == email.Id)
            {
                return new KeyedPublish.Stored(new StoredAt(partition, (long)stored.Sequence)); // the first try's acknowledgement was lost
            }

            if (IsKept(stored.Email))
            {
                return RepeatOf(stored.Email, email.RequestHash);
            }

            expected = stored.Sequence;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var partition in _partitions)
        {
            await partition.DisposeAsync();
        }
    }

    private (int Partition, string Hash) PlaceOf(long tokenId, string key)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{tokenId}\0{key}"))));
        return (Convert.ToInt32(hash[..6], 16) % _partitions.Length, hash);
    }

    private bool IsKept(AcceptedEmail email) => _time.GetUtcNow() - email.AcceptedAt < KeyLifetime;

    private static KeyedPublish.Repeat RepeatOf(AcceptedEmail email, string? requestHash) => new(email.Id, email.RequestHash == requestHash);

    private static BundleItem ItemOf(AcceptedEmail email, ReadOnlyMemory<byte> mime) =>
        new(email.Id, JsonSerializer.SerializeToUtf8Bytes(email, ContractsJsonContext.Default.AcceptedEmail), mime);

    private async Task<StoredEmail?> LastAsync(int partition, string subject, CancellationToken cancellationToken)
    {
        StreamMsgGetResponse response;
        try
        {
            var stream = await _jetStream.GetStreamAsync(Streams.Mail(partition), cancellationToken: cancellationToken);
            response = await stream.GetAsync(new StreamMsgGetRequest { LastBySubj = subject }, cancellationToken);
        }
        catch (NatsJSApiException missing) when (missing.Error.Code == 404)
        {
            return null;
        }
        catch (Exception failure) when (failure is NatsException or TimeoutException)
        {
            throw new NotDurableException($"The email that has the key can't be read now: {failure.Message}", failure);
        }

        var item = Bundle.Read(response.Message.Data)[0];
        var email = JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.AcceptedEmail)
            ?? throw new BundleFormatException("The metadata of an email is null.");
        return new StoredEmail(email, response.Message.Seq);
    }

    private sealed record StoredEmail(AcceptedEmail Email, ulong Sequence);
}
