using System.Collections.Concurrent;
using System.Security.Cryptography;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Mail.Webhooks;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Webhooks;
using MailPace.Storage.Webhooks;
using Microsoft.Extensions.Logging;

namespace MailPace.Webhook.Delivering;

/// <summary>
/// Posts one event to one endpoint. Steps:
/// <list type="number">
/// <item>The endpoint is gone: done. Paused: later.</item>
/// <item>May it be a repeat? What the log says was taken is done.</item>
/// <item>It waits for the email's event before it, and for one that the endpoint didn't take yet: that one is tried first.</item>
/// <item>Post.</item>
/// <item>Not taken: schedule the next attempt; or give it up when its time is over.</item>
/// <item>Log the attempt, then acknowledge (the driver does).</item>
/// </list>
/// Killed in between, it's posted once more, with the same id.
/// </summary>
internal sealed partial class DeliveryHandler(
    DirectoryCache directory,
    WebhookPublisher publisher,
    WebhookStreams streams,
    WebhookAttempts attempts,
    BlobStore blobs,
    EndpointKeys keys,
    EndpointPoster poster,
    HookRetries retries,
    EmailTurns turns,
    AttemptLog log,
    TimeProvider time,
    ILogger<DeliveryHandler> logger)
{
    private static readonly TimeSpan BehindAnother = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = logger;

    /// <summary>Endpoints that have something scheduled, as far as this process knows; only for them the order is asked for.</summary>
    private readonly ConcurrentDictionary<long, bool> failing = new();

    /// <summary>What the endpoint didn't take before this process began is asked for once.</summary>
    public async Task BeginAsync(long endpointId, CancellationToken cancellationToken)
    {
        if (await streams.HoldsRetryAsync(endpointId, cancellationToken))
        {
            failing[endpointId] = true;
        }
    }

    public async ValueTask<JobOutcome> HandleAsync(ConsumedMessage message, CancellationToken cancellationToken)
    {
        WebhookMessage hook;
        try
        {
            hook = WebhookCodec.Read(message.Data);
        }
        catch (JobFormatException unreadable)
        {
            return new JobOutcome.Discard(unreadable.Message);
        }

        var delivery = hook.Delivery;
        if (directory.FindWebhooks(delivery.DomainId) is not { } webhooks || webhooks.Endpoints.FirstOrDefault(endpoint => endpoint.Id == delivery.EndpointId) is not { } endpoint)
        {
            return JobOutcome.Done;
        }

        if (endpoint.IsPaused)
        {
            return new JobOutcome.RetryAfter(TimeSpan.FromSeconds(10), "The endpoint is paused.");
        }

        using var turn = await turns.TakeAsync(delivery.EndpointId, delivery.EmailId, message.Sequence, cancellationToken);
        if ((message.MayBeRepeat || delivery.MayRepeat)
            && await attempts.WasTakenAsync(delivery.EndpointId, delivery.EmailId, delivery.EventId, delivery.ReplayId, cancellationToken))
        {
            return JobOutcome.Done;
        }

        if (delivery.Attempt == 1 && failing.ContainsKey(delivery.EndpointId)
            && await streams.FindEarlierRetryAsync(delivery, cancellationToken) is { } earlier)
        {
            return await WaitBehindAsync(hook, earlier);
        }

        return await PostAsync(webhooks, endpoint, hook, cancellationToken);
    }

    /// <summary>An earlier event of the same email waits for its next attempt: this one comes after it, which is no attempt.</summary>
    private async Task<JobOutcome> WaitBehindAsync(WebhookMessage hook, DateTimeOffset earlier)
    {
        var now = time.GetUtcNow();
        var at = (earlier > now ? earlier : now) + BehindAnother;
        await publisher.ScheduleAsync(hook, at, at.ToUnixTimeSeconds());
        return JobOutcome.Done;
    }

    private async Task<JobOutcome> PostAsync(WebhooksEntry webhooks, WebhookEndpointEntry endpoint, WebhookMessage hook, CancellationToken cancellationToken)
    {
        var delivery = hook.Delivery;
        WebhookSigner signer;
        WebhookSecret secret;
        try
        {
            signer = keys.SignerOf(webhooks);
            secret = keys.SecretOf(webhooks.DomainId, endpoint);
        }
        catch (CryptographicException)
        {
            return new JobOutcome.RetryAfter(TimeSpan.FromMinutes(1), "The keys can't be opened. Is the secret webhook-kek the one that they were sealed with?");
        }

        if (!EndpointUrl.TryParse(endpoint.Url, out var url))
        {
            return new JobOutcome.Discard("The endpoint's URL can't be read.");
        }

        if (await BodyOfAsync(hook, cancellationToken) is not { } body)
        {
            return new JobOutcome.Discard("The blob store has the body no more.");
        }

        var result = await poster.PostAsync(url, delivery.EventId, body, signer, secret, cancellationToken);
        var now = time.GetUtcNow();
        var next = result.IsSuccess ? null : retries.NextAfter(delivery.Attempt, delivery.QueuedAt, now);
        if (next is { } at)
        {
            failing[delivery.EndpointId] = true;
            await publisher.ScheduleAsync(hook with { Delivery = delivery with { Attempt = delivery.Attempt + 1, MayRepeat = false } }, at, round: 0);
        }

        await log.WriteAsync(AttemptOf(delivery, result, now, next));
        Note(delivery, result, now, next);
        return JobOutcome.Done;
    }

    private async Task<ReadOnlyMemory<byte>?> BodyOfAsync(WebhookMessage hook, CancellationToken cancellationToken)
    {
        if (hook.Delivery.BlobKey is not { } key)
        {
            return hook.Body;
        }

        if (!await blobs.HoldsAsync(key, cancellationToken))
        {
            return null;
        }

        var body = new MemoryStream();
        await blobs.CopyToAsync(key, body, cancellationToken);
        return body.ToArray();
    }

    private static WebhookAttempt AttemptOf(WebhookDelivery delivery, PostResult result, DateTimeOffset at, DateTimeOffset? next) => new()
    {
        At = at,
        EndpointId = delivery.EndpointId,
        EmailId = delivery.EmailId,
        EventId = delivery.EventId,
        Event = delivery.Event,
        Attempt = delivery.Attempt,
        ReplayId = delivery.ReplayId,
        Status = result.Status,
        Fault = result.Fault,
        DurationMs = (int)result.Duration.TotalMilliseconds,
        Response = result.Response,
        NextAttemptAt = next,
    };

    private void Note(WebhookDelivery delivery, PostResult result, DateTimeOffset now, DateTimeOffset? next)
    {
        WebhookMetrics.Attempted(result.IsSuccess ? "taken" : result.Status is null ? "failed" : "refused", result.Duration);
        LogPosted(delivery.EventId, delivery.EndpointId, delivery.Attempt, result.Status, result.Fault);
        if (result.IsSuccess)
        {
            WebhookMetrics.Taken(now - delivery.QueuedAt);
            return;
        }

        if (next is null)
        {
            WebhookMetrics.GivenUp();
            LogGivenUp(delivery.EventId, delivery.EndpointId, delivery.Attempt);
        }
    }

    [LoggerMessage(EventIds.Posted, LogLevel.Debug, "Event {EventId} posted to endpoint {EndpointId}, attempt {Attempt}: {Status} {Fault}")]
    private partial void LogPosted(string eventId, long endpointId, int attempt, int? status, string? fault);

    [LoggerMessage(EventIds.GivenUp, LogLevel.Warning, "Event {EventId} is given up for endpoint {EndpointId} after {Attempt} attempts; it can be replayed")]
    private partial void LogGivenUp(string eventId, long endpointId, int attempt);
}
