using System.CommandLine;
using MailPace.Hosting;
using MailPace.Hosting.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
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

    /// <summary>The platform, not started, and the parts of it that this process runs.</summary>
    public static (WebApplication App, IReadOnlyList<PlatformPart> Parts) Build()
    {
        var builder = MailPaceApplication.CreateBuilder("mailpace");
        builder.Services.Configure<SettingNames>(static names => names.KnowAllSections = true);
        builder.Services.AddMailPaceOptions<HostOptions>(HostOptions.SectionName);
        var parts = PlatformParts.Selected(builder.Configuration);
        foreach (var part in parts)
        {
            part.Add(builder.Services);
        }

        builder.Services.AddPartsAgreement(parts);
        return (builder.Build(), parts);
    }

    private static async Task<int> RunAsync()
    {
        var (app, parts) = Build();
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
