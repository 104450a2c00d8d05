using MailPace.Deliver;
using MailPace.Mail.Retries;
using MailPace.Messaging.Connection;
using MailPace.Record.Reconciling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MailPace.Host;

/// <summary>What the options of two parts must agree on. Only a process that runs both can check it.</summary>
internal static class PartsAgreement
{
    public static void AddPartsAgreement(this IServiceCollection services, IReadOnlyList<PlatformPart> parts)
    {
        if (parts.Any(part => part.Name == "deliver") && parts.Any(part => part.Name == "record"))
        {
            services.AddOptions<ReconcilerOptions>().Validate<IOptions<DeliverOptions>>(
                OutlivesJobs,
                "Reconciler:MaxJobLifetime must be at least Delivery:MaxJobLifetime: else a job that is still being sent would be made again, and sent twice.");
        }

        if (parts.Any(part => part.Name == "deliver"))
        {
            services.AddOptions<NatsOptions>().Validate<IOptions<RetryOptions>>(
                OutlivesRetries,
                "Nats:MailMaxAge must be at least Retry:Horizon and a day: else an email that is still tried is gone from MAIL, and can't be brought back when its job is lost.");
        }
    }

    private static bool OutlivesRetries(NatsOptions nats, IOptions<RetryOptions> retry)
    {
        try
        {
            return nats.MailMaxAge >= retry.Value.Horizon + TimeSpan.FromDays(1);
        }
        catch (OptionsValidationException)
        {
            return true; // reported by its own validation
        }
    }

    private static bool OutlivesJobs(ReconcilerOptions reconciler, IOptions<DeliverOptions> deliver)
    {
        try
        {
            return reconciler.MaxJobLifetime >= deliver.Value.MaxJobLifetime;
        }
        catch (OptionsValidationException)
        {
            return true; // reported by its own validation
        }
    }
}
