using System.Globalization;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Webhooks;

/// <summary>Puts deliveries into WEBHOOKS: now, or later by a message schedule. Each has an id that the dedup window knows a repeat by.</summary>
public sealed class WebhookPublisher(INatsJSContext jetStream, IOptions<PublishOptions> options, PublishHealth health, TimeProvider time)
{
    private readonly DurablePublish _publish = new(jetStream, options.Value, health, time);

    /// <exception cref="NotDurableException">WEBHOOKS took it not.</exception>
    public Task PublishAsync(WebhookMessage message)
        => _publish.SendOrThrowAsync(SubjectOf(message.Delivery), message, WebhookCodec.Instance, new NatsJSPubOpts { MsgId = IdOf(message.Delivery) }, null);

    /// <summary>Schedules the next attempt, or the same one later; a schedule that the event has already is replaced.</summary>
    /// <param name="message">With the number of that attempt.</param>
    /// <param name="at">When; to the second.</param>
    /// <param name="round">Tells several schedules of one attempt apart.</param>
    public Task ScheduleAsync(WebhookMessage message, DateTimeOffset at, long round)
    {
        var delivery = message.Delivery;
        var headers = new NatsHeaders
        {
            ["Nats-Schedule"] = "@at " + at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["Nats-Schedule-Target"] = SubjectOf(delivery),
        };
        return _publish.SendOrThrowAsync(
            Subjects.WebhookRetry(delivery.EndpointId, delivery.EmailId, delivery.EventId),
            message,
            WebhookCodec.Instance,
            new NatsJSPubOpts { MsgId = string.Create(CultureInfo.InvariantCulture, $"{IdOf(delivery)}.s{round}") },
            headers);
    }

    public Task RequestReplayAsync(WebhookReplay replay) => _publish.SendOrThrowAsync(
        Subjects.WebhookReplay(replay.EndpointId, replay.Id),
        JsonSerializer.SerializeToUtf8Bytes(replay, ContractsJsonContext.Default.WebhookReplay),
        NatsRawSerializer<byte[]>.Default,
        new NatsJSPubOpts { MsgId = "replay." + replay.Id },
        null);

    private static string SubjectOf(WebhookDelivery delivery) => Subjects.WebhookDelivery(delivery.EndpointId, delivery.EmailId, delivery.EventId);

    private static string IdOf(WebhookDelivery delivery)
        => string.Create(CultureInfo.InvariantCulture, $"{delivery.EndpointId}.{delivery.EventId}.{delivery.Attempt}.{delivery.ReplayId}");
}
