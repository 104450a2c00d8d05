using MailPace.Bounce;
using MailPace.Dashboard;
using MailPace.Deliver;
using MailPace.Record;
using MailPace.Sandbox;
using MailPace.Send;
using MailPace.Sign;
using MailPace.SmtpEdge;
using MailPace.Webhook;
using Microsoft.Extensions.Configuration;

namespace MailPace.Host;

/// <summary>The parts of the platform: the composition root's table of contents.</summary>
internal static class PlatformParts
{
    private const string Sandbox = "sandbox";

    public static IReadOnlyList<PlatformPart> All { get; } =
    [
        new("send", services => services.AddSend(), endpoints => endpoints.MapSend()),
        new("sign", services => services.AddSign(), _ => { }),
        new("deliver", services => services.AddDeliver(), _ => { }),
        new("smtp-edge", services => services.AddSmtpEdge(), _ => { }),
        new("record", services => services.AddRecord(), endpoints => endpoints.MapRecord()),
        new("bounce", services => services.AddBounce(), _ => { }),
        new("webhook", services => services.AddWebhook(), _ => { }),
        new("dashboard", services => services.AddDashboard(), endpoints => endpoints.MapDashboard()),
        new(Sandbox, services => services.AddSandbox(), endpoints => endpoints.MapSandbox()),
    ];

    public static IReadOnlyList<PlatformPart> Selected(IConfiguration configuration)
    {
        var options = configuration.GetSection(HostOptions.SectionName).Get<HostOptions>() ?? new HostOptions();
        if (options.Names.Count > 0)
        {
            return [.. All.Where(part => options.Names.Contains(part.Name))];
        }

        var leadsToSandbox = string.Equals(configuration["Delivery:Route"] ?? Sandbox, Sandbox, StringComparison.OrdinalIgnoreCase);
        return [.. All.Where(part => part.Name != Sandbox || leadsToSandbox)];
    }
}
