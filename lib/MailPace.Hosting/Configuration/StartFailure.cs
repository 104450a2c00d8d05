using System.Reflection;
using System.Text.RegularExpressions;
using MailPace.Hosting.Secrets;
using MailPace.Storage.Migrations;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MailPace.Hosting.Configuration;

/// <summary>Puts the reasons why a process can't start into words that name the setting, all of them at once.</summary>
internal static partial class StartFailure
{
    /// <summary>The reasons; empty when the failure is none that an operator can act on, and deserves its stack trace.</summary>
    public static IReadOnlyList<string> Reasons(Exception exception) => exception switch
    {
        AggregateException all => all.InnerExceptions.Select(Reasons).All(r => r.Count > 0)
            ? [.. all.InnerExceptions.SelectMany(Reasons).Distinct(StringComparer.Ordinal)]
            : [],
        OptionsValidationException invalid => [.. invalid.Failures.Select(f => InWords(f, invalid.OptionsType))],
        StartException start => [start.Message],
        SecretMissingException missing => [missing.Message],
        IOException { InnerException: AddressInUseException } used => [used.Message + " Another process listens there: stop it or choose another port."],
        IOException { InnerException: Exception inner } failed when failed.Message.StartsWith("Failed to bind", StringComparison.Ordinal)
            => [$"{failed.Message} {inner.Message}"],
        InvalidOperationException failed when UnparsableValue.TryFind(failed, out var unparsable) => [unparsable.InWords()],
        MigrationChangedException changed => [changed.Message],
        PostgresException refused => [$"PostgreSQL refuses: {refused.MessageText} ({refused.SqlState})"],
        InvalidDataException data => [data.InnerException is null ? data.Message : $"{data.Message} {data.InnerException.Message}"],
        _ => [],
    };

    private static string InWords(string failure, Type options)
    {
        var match = AnnotationFailure().Match(failure);
        if (!match.Success)
        {
            return failure;
        }

        var section = options.GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string ?? options.Name;
        return $"{section}:{match.Groups["member"].Value}: {match.Groups["error"].Value} (environment: MAILPACE__{section.Replace(":", "__", StringComparison.Ordinal)}__{match.Groups["member"].Value})";
    }

    [GeneratedRegex("^DataAnnotation validation failed for '.*' members: '(?<member>.*)' with the error: '(?<error>.*)'\\.$", RegexOptions.Singleline)]
    private static partial Regex AnnotationFailure();
}
