using MailPace.Contracts;

namespace MailPace.Mail.Webhooks;

/// <summary>Names of events.</summary>
public static class WebhookEvents
{
    public const string Queued = "email.queued";

    public static IReadOnlyList<string> All { get; } = [Queued, "email.delivered", "email.deferred", "email.bounced", "email.spam", "email.complained"];

    /// <summary>The word for a recipient's state: what has failed for good is a bounce, whatever the reason.</summary>
    public static string StatusOf(RecipientState state) => state switch
    {
        RecipientState.Queued => "queued",
        RecipientState.Deferred => "deferred",
        RecipientState.Delivered => "delivered",
        RecipientState.Bounced or RecipientState.Expired or RecipientState.Suppressed => "bounced",
        RecipientState.Complained => "complained",
        RecipientState.Spam => "spam",
    };
}
