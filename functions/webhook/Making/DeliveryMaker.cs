using System.Globalization;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Webhooks;

namespace MailPace.Webhook.Making;

/// <summary>Puts an event into the queue of an endpoint.</summary>
internal sealed class DeliveryMaker(WebhookPublisher publisher, BlobStore blobs, TimeProvider time)
{
    /// <summary>Above this the body goes into the blob store: NATS takes a megabyte.</summary>
    private const int MaxInlineBytes = 512 * 1024;

    /// <summary>To each endpoint that wants the event and was there when it happened.</summary>
    public async Task<int> MakeAsync(WebhooksEntry webhooks, EmailFields email, HookEvent occurred, bool mayRepeat, CancellationToken cancellationToken)
    {
        byte[]? body = null;
        var made = 0;
        foreach (var endpoint in webhooks.Endpoints.Where(endpoint => endpoint.Wants(occurred.Name) && endpoint.CreatedAt <= occurred.At))
        {
            await MakeAsync(endpoint.Id, email, occurred, body ??= HookBody.Write(email, occurred), replayId: null, mayRepeat, cancellationToken);
            made++;
        }

        return made;
    }

    public async Task MakeAsync(
        long endpointId, EmailFields email, HookEvent occurred, byte[] body, string? replayId, bool mayRepeat, CancellationToken cancellationToken)
    {
        string? blobKey = null;
        if (body.Length > MaxInlineBytes)
        {
            blobKey = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyy-MM-dd}/{occurred.Id}");
            await blobs.PutAsync(blobKey, body);
        }

        await publisher.PublishAsync(new WebhookMessage(
            new WebhookDelivery
            {
                EndpointId = endpointId,
                DomainId = email.DomainId,
                EmailId = email.Id,
                EventId = occurred.Id,
                Event = occurred.Name,
                Attempt = 1,
                QueuedAt = time.GetUtcNow(),
                ReplayId = replayId,
                BlobKey = blobKey,
                MayRepeat = mayRepeat,
            },
            blobKey is null ? body : ReadOnlyMemory<byte>.Empty));
    }
}
