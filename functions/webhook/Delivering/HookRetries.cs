using Microsoft.Extensions.Options;

namespace MailPace.Webhook.Delivering;

/// <summary>When an event is tried again.</summary>
internal sealed class HookRetries(IOptions<WebhookOptions> options)
{
    private readonly IReadOnlyList<TimeSpan> delays = options.Value.Delays;

    /// <returns>Null when its time is over.</returns>
    public DateTimeOffset? NextAfter(int attempt, DateTimeOffset queuedAt, DateTimeOffset now)
    {
        var next = now + delays[Math.Min(attempt, delays.Count) - 1];
        return next > queuedAt + options.Value.Horizon ? null : next;
    }
}
