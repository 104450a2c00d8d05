using System.Diagnostics;
using MailPace.Contracts;
using MailPace.Smtp.Delivery;

namespace MailPace.Deliver;

/// <summary>Continues the trace that began with the API call, up to the remote's reply.</summary>
internal static class DeliverTrace
{
    private static readonly ActivitySource Source = new("MailPace.Deliver");

    public static Activity? StartJob(DeliveryJob job)
    {
        _ = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity("deliver", ActivityKind.Consumer, parent);
        activity?.SetTag("mailpace.email.id", job.EmailId);
        activity?.SetTag("mailpace.job.number", job.JobNumber);
        activity?.SetTag("mailpace.attempt", job.Attempt);
        return activity;
    }

    /// <summary>The conversation: it ends with the remote's reply.</summary>
    public static Activity? StartConversation(DeliveryJob job)
    {
        var activity = Source.StartActivity("smtp", ActivityKind.Client);
        activity?.SetTag("mailpace.recipient.domain", job.RecipientDomain);
        return activity;
    }

    public static void End(Activity? activity, DeliveryResult result)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("server.address", result.RemoteHost);
        activity.SetTag("network.peer.address", result.RemoteAddress);
        activity.SetTag("mailpace.reply.code", result.Outcomes[0].Reply.Code);
        if (result.Outcomes.Any(outcome => outcome.State != RecipientState.Delivered))
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
