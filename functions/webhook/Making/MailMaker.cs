using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Directory;
using Microsoft.Extensions.Logging;

namespace MailPace.Webhook.Making;

/// <summary>Bundles of MAIL: <c>email.queued</c>, and what the events to come will say of the email.</summary>
internal sealed partial class MailMaker(DirectoryCache directory, EmailFieldsReader reader, EmailCache cache, DeliveryMaker maker, ILogger<MailMaker> logger)
{
    private readonly ILogger logger = logger;

    public async ValueTask<JobOutcome> HandleAsync(ConsumedMessage message, CancellationToken cancellationToken)
    {
        BundleItem[] items;
        try
        {
            items = Bundle.Read(message.Data);
        }
        catch (BundleFormatException unreadable)
        {
            return new JobOutcome.Discard(unreadable.Message);
        }

        var made = await Task.WhenAll(items.Select(item => MakeAsync(item, message.MayBeRepeat, cancellationToken)));
        WebhookMetrics.Made(made.Sum());
        return JobOutcome.Done;
    }

    private async Task<int> MakeAsync(BundleItem item, bool mayRepeat, CancellationToken cancellationToken)
    {
        AcceptedEmail? email;
        try
        {
            email = JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.AcceptedEmail);
        }
        catch (JsonException unreadable)
        {
            LogUnreadable(item.EmailId, unreadable.Message); // record puts such a bundle aside
            return 0;
        }

        if (email is null || directory.FindWebhooks(email.DomainId) is not { } webhooks)
        {
            return 0;
        }

        var fields = await reader.ReadAsync(email, item.Body, cancellationToken);
        cache.Add(fields);
        return await maker.MakeAsync(webhooks, fields, HookEvent.Queued(email.Id, email.AcceptedAt), mayRepeat, cancellationToken);
    }

    [LoggerMessage(EventIds.Unreadable, LogLevel.Error, "Email {EmailId} can't be read, no webhook tells of it: {Reason}")]
    private partial void LogUnreadable(long emailId, string reason);
}
