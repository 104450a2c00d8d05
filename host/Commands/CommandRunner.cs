using System.CommandLine;
using MailPace.Dashboard;
using MailPace.Hosting.Configuration;
using MailPace.Hosting.Secrets;
using MailPace.Mail.Retries;
using MailPace.Messaging.Connection;
using MailPace.Record;
using MailPace.Storage;
using MailPace.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Npgsql;

namespace MailPace.Host.Commands;

/// <summary>Runs a command with the services of the platform, and turns its failures into a sentence and an exit code.</summary>
internal static class CommandRunner
{
    public static Command Does(this Command command, Func<CommandRun, Task> action)
    {
        command.SetAction((arguments, token) => RunAsync(arguments, action, token));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Func<CommandRun, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await using var services = CreateServices();
            await action(new CommandRun(arguments, services, cancellationToken));
            return ExitCodes.Done;
        }
        catch (Exception failure) when (Explain(failure) is { } explained)
        {
            await arguments.InvocationConfiguration.Error.WriteLineAsync(explained.Text);
            return explained.ExitCode;
        }
    }

    private static ServiceProvider CreateServices()
    {
        var services = CommandServices.Create();
        services.AddStorage();
        services.AddMessaging();
        services.AddDirectoryPublisher();
        services.AddMailPaceOptions<RetryOptions>(RetryOptions.SectionName);
        services.AddDomainSetup();
        return services.BuildServiceProvider();
    }

    private static (string Text, int ExitCode)? Explain(Exception failure) => failure switch
    {
        CommandFailure refused => (refused.Message, ExitCodes.Refused),
        MigrationChangedException changed => (changed.Message, ExitCodes.Refused),
        SecretMissingException missing => (missing.Message, ExitCodes.BadConfiguration),
        OptionsValidationException invalid => (string.Join(Environment.NewLine, invalid.Failures), ExitCodes.BadConfiguration),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => ("The database has no schema yet: run `mailpace migrate`.", ExitCodes.Refused),
        PostgresException postgres when PostgresFaults.IsTransient(postgres) => ($"PostgreSQL can't do it now: {postgres.MessageText}", ExitCodes.Unavailable),
        PostgresException postgres => ($"PostgreSQL refuses: {postgres.MessageText} ({postgres.SqlState})", ExitCodes.Refused),
        NpgsqlException away => ($"PostgreSQL does not answer: {away.Message} (Postgres:ConnectionString)", ExitCodes.Unavailable),
        NatsJSApiException refused => ($"NATS refuses: {refused.Message}", ExitCodes.Refused),
        NatsException away => ($"NATS does not answer: {away.Message} (Nats:Url)", ExitCodes.Unavailable),
        _ => null,
    };
}
