using Microsoft.Extensions.Configuration;

namespace MailPace.Hosting.Configuration;

/// <summary>
/// The one place where the environment is read. Later sources win: the JSON file that <c>MAILPACE_CONFIG</c> names,
/// then environment variables <c>MAILPACE__Section__Key</c>, then what the caller sets in code (commands, tests).
/// </summary>
internal static class ConfigurationSources
{
    public const string FileVariable = "MAILPACE_CONFIG";
    private const string Prefix = "MAILPACE__";

    public static void AddMailPaceSources(this IConfigurationBuilder configuration, IReadOnlyDictionary<string, string?>? settings)
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            var file = Path.GetFullPath(path);
            if (!File.Exists(file))
            {
                throw new StartException($"{FileVariable} names {file}, which does not exist.");
            }

            configuration.AddJsonFile(file, optional: false, reloadOnChange: false);
        }

        configuration.AddEnvironmentVariables(Prefix);
        if (settings is not null)
        {
            configuration.AddInMemoryCollection(settings);
        }
    }
}
