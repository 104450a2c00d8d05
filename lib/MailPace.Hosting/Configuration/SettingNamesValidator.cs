using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Configuration;

/// <summary>A setting whose name nothing reads is a mistake: the operator believes that it has an effect.</summary>
internal sealed class SettingNamesValidator(IConfiguration configuration) : IValidateOptions<SettingNames>
{
    public ValidateOptionsResult Validate(string? name, SettingNames options)
    {
        var known = KnownSettings.Of(Assembly.GetEntryAssembly()!);
        var faults = Settings()
            .Where(setting => options.KnowAllSections || known.HasSection(setting.Path.Split(':')[0]))
            .Where(setting => !known.Has(setting.Path, string.IsNullOrEmpty(setting.Value)))
            .Select(setting => InWords(setting.Path, known.NearestTo(setting.Path)))
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<(string Path, string? Value)> Settings()
        => configuration.AsEnumerable()
            .Where(static setting => setting.Value is not null)
            .Select(static setting => (setting.Key, setting.Value));

    private static string InWords(string path, string? nearest)
        => $"{path}: there is no such setting{(nearest is null ? "" : $"; {nearest} is the nearest")} (environment: MAILPACE__{path.Replace(":", "__", StringComparison.Ordinal)})";
}
