using System.Globalization;

namespace MailPace.Contracts;

/// <summary>Every subject that the platform publishes to or filters by.</summary>
public static class Subjects
{
    /// <summary>All jobs that <c>deliver</c> takes.</summary>
    public const string DeliverAll = "jobs.deliver.>";

    /// <summary>All requests of the reconciler that <c>sign</c> takes.</summary>
    public const string RedriveAll = "jobs.redrive.>";

    /// <summary>Messages to return-paths, in bundles.</summary>
    public const string InboundBounce = "inbound.bounce";

    /// <summary>Messages to the addresses of feedback loops, in bundles.</summary>
    public const string InboundFeedback = "inbound.feedback";

    /// <summary>Messages to customers' inbound domains, in bundles.</summary>
    public const string InboundMail = "inbound.mail";

    public static string Inbound(InboundKind kind) => kind switch
    {
        InboundKind.Bounce => InboundBounce,
        InboundKind.FeedbackReport => InboundFeedback,
        InboundKind.Mail => InboundMail,
    };

    public static string Mail(int partition) => string.Create(CultureInfo.InvariantCulture, $"mail.{partition}");

    /// <summary>Subject of an email with an idempotency key: one message at most is stored under it, which is what makes the key exact.</summary>
    public static string KeyedMail(int partition, string keyHash) => string.Create(CultureInfo.InvariantCulture, $"mail.{partition}.key.{keyHash}");

    public static string MailAll(int partition) => string.Create(CultureInfo.InvariantCulture, $"mail.{partition}.>");

    public static string Events(int partition) => string.Create(CultureInfo.InvariantCulture, $"events.{partition}");

    public static string Deliver(long emailId, int jobNumber) => string.Create(CultureInfo.InvariantCulture, $"jobs.deliver.{emailId}.{jobNumber}");

    /// <summary>A message schedule that fires to <see cref="Deliver"/>; a newer one replaces it.</summary>
    public static string Retry(long emailId, int jobNumber) => string.Create(CultureInfo.InvariantCulture, $"jobs.retry.{emailId}.{jobNumber}");

    public static string Redrive(long emailId, int jobNumber) => string.Create(CultureInfo.InvariantCulture, $"jobs.redrive.{emailId}.{jobNumber}");

    /// <summary>Filter for whatever JOBS holds of one job.</summary>
    public static string AnyOfJob(long emailId, int jobNumber) => string.Create(CultureInfo.InvariantCulture, $"jobs.*.{emailId}.{jobNumber}");

    /// <summary>All requests for replays.</summary>
    public const string ReplayAll = "webhooks.replay.>";

    public static string WebhookDelivery(long endpointId, long emailId, string eventId)
        => string.Create(CultureInfo.InvariantCulture, $"webhooks.deliver.{endpointId}.{emailId}.{eventId}");

    /// <summary>A message schedule that fires to <see cref="WebhookDelivery"/>; a newer one replaces it.</summary>
    public static string WebhookRetry(long endpointId, long emailId, string eventId)
        => string.Create(CultureInfo.InvariantCulture, $"webhooks.retry.{endpointId}.{emailId}.{eventId}");

    /// <summary>All that is due for an endpoint: its queue.</summary>
    public static string WebhookDeliveriesOf(long endpointId) => string.Create(CultureInfo.InvariantCulture, $"webhooks.deliver.{endpointId}.>");

    /// <summary>All that an endpoint didn't take yet.</summary>
    public static string WebhookRetriesOf(long endpointId) => string.Create(CultureInfo.InvariantCulture, $"webhooks.retry.{endpointId}.>");

    /// <summary>What of an email an endpoint didn't take yet.</summary>
    public static string WebhookRetriesOf(long endpointId, long emailId) => string.Create(CultureInfo.InvariantCulture, $"webhooks.retry.{endpointId}.{emailId}.>");

    public static string WebhookReplay(long endpointId, string replayId) => string.Create(CultureInfo.InvariantCulture, $"webhooks.replay.{endpointId}.{replayId}");

    public static string Dead(string stream) => $"dead.{stream}";
}
