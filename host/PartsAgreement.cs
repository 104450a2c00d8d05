using MailPace.Deliver;
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
