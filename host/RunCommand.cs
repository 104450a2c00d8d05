using System.CommandLine;
using MailPace.Hosting;
using MailPace.Hosting.Configuration;
using Microsoft.Extensions.Logging;

namespace MailPace.Host;

/// <summary><c>mailpace run</c>: the platform in one process.</summary>
internal static partial class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Run the platform in this process until it is told to stop");
        command.SetAction((_, _) => ApplicationRun.GuardAsync(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync()
    {
        var builder = MailPaceApplication.CreateBuilder("mailpace");
        builder.Services.AddMailPaceOptions<HostOptions>(HostOptions.SectionName);
        var parts = PlatformParts.Selected(builder.Configuration);
        foreach (var part in parts)
        {
            part.Add(builder.Services);
        }

        builder.Services.AddPartsAgreement(parts);

        var app = builder.Build();
        app.MapMailPace();
        foreach (var part in parts)
        {
            part.Map(app);
        }

        LogRunning(app.Logger, string.Join(", ", parts.Select(part => part.Name)));
        return await app.RunMailPaceAsync();
    }

    [LoggerMessage(EventIds.Running, LogLevel.Information, "MailPace runs {Parts}")]
    private static partial void LogRunning(ILogger logger, string parts);
}
