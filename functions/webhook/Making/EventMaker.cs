using System.Text.Json;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Webhooks;
using MailPace.Storage.Webhooks;
using Microsoft.Extensions.Logging;

namespace MailPace.Webhook.Making;

/// <summary>
/// Bundles of EVENTS: one webhook event for each recipient's outcome. An event follows its email's acceptance, so MAIL is made first, up to
/// where it ended when the bundle was read; then <c>queued</c> is in the endpoint's queue before <c>delivered</c>.
/// </summary>
internal sealed partial class EventMaker(
    DirectoryCache directory,
    WebhookStreams streams,
    WebhookHistory history,
    EmailFieldsReader reader,
    EmailCache cache,
    DeliveryMaker maker,
    TimeProvider time,
    ILogger<EventMaker> logger)
{
    /// <summary>History follows within a second; who waited so often for it waits for an email that it never knew.</summary>
    private const int MostDeliveries = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly ILogger logger = logger;

    public async ValueTask<JobOutcome> HandleAsync(ConsumedMessage message, CancellationToken cancellationToken)
    {
        List<(EmailEvent Event, WebhooksEntry Webhooks)> events;
        try
        {
            events = [.. Read(message.Data)];
        }
        catch (BundleFormatException unreadable)
        {
            return new JobOutcome.Discard(unreadable.Message);
        }

        if (events.Count == 0)
        {
            return JobOutcome.Done;
        }

        if (!await IsMailMadeAsync(cancellationToken))
        {
            return new JobOutcome.RetryAfter(TimeSpan.FromMilliseconds(200), "MAIL is not made yet up to its end.");
        }

        var emails = await FindAsync([.. events.Select(static each => each.Event)], cancellationToken);
        if (events.Any(each => !emails.ContainsKey(each.Event.EmailId)) && message.Deliveries < MostDeliveries)
        {
            return new JobOutcome.RetryAfter(TimeSpan.FromSeconds(1), "History doesn't know an email yet.");
        }

        var made = await Task.WhenAll(events
            .GroupBy(static each => each.Event.EmailId)
            .Select(email => MakeAsync(email.Key, emails.GetValueOrDefault(email.Key), [.. email], message.MayBeRepeat, cancellationToken)));
        WebhookMetrics.Made(made.Sum());
        return JobOutcome.Done;
    }

    /// <summary>One email's events one after the other: their order is the queue's.</summary>
    private async Task<int> MakeAsync(
        long emailId, EmailFields? email, IReadOnlyList<(EmailEvent Event, WebhooksEntry Webhooks)> events, bool mayRepeat, CancellationToken cancellationToken)
    {
        if (email is null)
        {
            LogUnknown(emailId);
            return 0;
        }

        var made = 0;
        foreach (var (emailEvent, webhooks) in events)
        {
            foreach (var outcome in emailEvent.Outcomes)
            {
                made += await maker.MakeAsync(webhooks, email, HookEvent.Of(emailEvent, outcome), mayRepeat, cancellationToken);
            }
        }

        return made;
    }

    private IEnumerable<(EmailEvent Event, WebhooksEntry Webhooks)> Read(ReadOnlyMemory<byte> data)
    {
        foreach (var item in Bundle.Read(data))
        {
            EmailEvent? emailEvent = null;
            try
            {
                emailEvent = JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.EmailEvent);
            }
            catch (JsonException unreadable)
            {
                LogUnreadable(item.EmailId, unreadable.Message); // record puts such a bundle aside
            }

            if (emailEvent is { Outcomes.Count: > 0 } && directory.FindWebhooks(emailEvent.DomainId) is { } webhooks)
            {
                yield return (emailEvent, webhooks);
            }
        }
    }

    private async Task<bool> IsMailMadeAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        foreach (var (stream, end) in await streams.EndsOfMailAsync(cancellationToken))
        {
            while (await streams.MadeUpToAsync(stream, cancellationToken) < end)
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    return false;
                }

                await Task.Delay(Poll, time, cancellationToken);
            }
        }

        return true;
    }

    private async Task<Dictionary<long, EmailFields>> FindAsync(IReadOnlyList<EmailEvent> events, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, EmailFields>();
        var missing = new Dictionary<long, DateTimeOffset>();
        foreach (var emailEvent in events)
        {
            if (cache.TryFind(emailEvent.EmailId, out var email))
            {
                found[email.Id] = email;
                continue;
            }

            missing[emailEvent.EmailId] = emailEvent.AcceptedAt;
        }

        if (missing.Count == 0)
        {
            return found;
        }

        foreach (var recorded in await history.FindAsync([.. missing.Select(static each => (each.Key, each.Value))], cancellationToken))
        {
            var fields = await reader.ReadAsync(recorded, cancellationToken);
            cache.Add(fields);
            found[fields.Id] = fields;
        }

        return found;
    }

    [LoggerMessage(EventIds.Unreadable, LogLevel.Error, "An event of email {EmailId} can't be read, no webhook tells it: {Reason}")]
    private partial void LogUnreadable(long emailId, string reason);

    [LoggerMessage(EventIds.Unknown, LogLevel.Error, "History doesn't know email {EmailId}: no webhook tells what became of it")]
    private partial void LogUnknown(long emailId);
}
