using System.Text.Json;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Directory;
using MailPace.Storage.Webhooks;
using MailPace.Webhook.Making;
using Microsoft.Extensions.Logging;

namespace MailPace.Webhook.Replaying;

/// <summary>
/// Makes deliveries from history once more, for one endpoint. The events are the same as the first time, ids included. Killed in between
/// it begins anew; what was taken already is known by the replay's id and not posted again.
/// </summary>
internal sealed partial class ReplayHandler(
    DirectoryCache directory, WebhookHistory history, EmailFieldsReader reader, DeliveryMaker maker, ILogger<ReplayHandler> logger)
{
    private const int PageSize = 100;

    private readonly ILogger logger = logger;

    public async ValueTask<JobOutcome> HandleAsync(ConsumedMessage message, CancellationToken cancellationToken)
    {
        WebhookReplay? replay;
        try
        {
            replay = JsonSerializer.Deserialize(message.Data.Span, ContractsJsonContext.Default.WebhookReplay);
        }
        catch (JsonException unreadable)
        {
            return new JobOutcome.Discard(unreadable.Message);
        }

        if (replay is null || directory.FindWebhooks(replay.DomainId)?.Endpoints.FirstOrDefault(each => each.Id == replay.EndpointId) is not { } endpoint)
        {
            return new JobOutcome.Discard("The replay's endpoint is gone.");
        }

        var made = await MakeAsync(replay, endpoint, message.MayBeRepeat, cancellationToken);
        LogReplayed(replay.Id, made, endpoint.Id);
        return JobOutcome.Done;
    }

    private async Task<int> MakeAsync(WebhookReplay replay, WebhookEndpointEntry endpoint, bool mayRepeat, CancellationToken cancellationToken)
    {
        var made = 0;
        var after = (AcceptedAt: DateTimeOffset.UnixEpoch, Id: 0L);
        while (true)
        {
            var page = await history.ListAsync(replay, after, PageSize, cancellationToken);
            if (page.Count == 0)
            {
                return made;
            }

            foreach (var email in page)
            {
                made += await MakeAsync(replay, endpoint, email, mayRepeat, cancellationToken);
            }

            after = (page[^1].AcceptedAt, page[^1].Id);
        }
    }

    private async Task<int> MakeAsync(WebhookReplay replay, WebhookEndpointEntry endpoint, RecordedEmail email, bool mayRepeat, CancellationToken cancellationToken)
    {
        var events = email.Outcomes.Select(outcome => HookEvent.Of(email, outcome))
            .Prepend(HookEvent.Queued(email.Id, email.AcceptedAt))
            .Where(occurred => occurred.At >= replay.From && occurred.At < replay.To)
            .Where(occurred => replay.Events.Count == 0 ? endpoint.Wants(occurred.Name) : replay.Events.Contains(occurred.Name))
            .ToList();
        if (events.Count == 0)
        {
            return 0;
        }

        var fields = await reader.ReadAsync(email, cancellationToken);
        foreach (var occurred in events)
        {
            await maker.MakeAsync(endpoint.Id, fields, occurred, HookBody.Write(fields, occurred), replay.Id, mayRepeat, cancellationToken);
        }

        return events.Count;
    }

    [LoggerMessage(EventIds.Replayed, LogLevel.Information, "Replay {ReplayId} put {Events} events into the queue of endpoint {EndpointId}")]
    private partial void LogReplayed(string replayId, int events, long endpointId);
}
