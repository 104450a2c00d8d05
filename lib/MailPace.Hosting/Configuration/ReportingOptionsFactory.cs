using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Configuration;

/// <summary>
/// Makes options as the framework does. But where the framework's binder throws at the first value that doesn't parse, which hides all
/// other faults, this one leaves each such value out, checks the rest, and reports them together.
/// </summary>
internal sealed class ReportingOptionsFactory<T>(
    IConfiguration configuration,
    IEnumerable<IConfigureOptions<T>> setups,
    IEnumerable<IPostConfigureOptions<T>> postConfigures,
    IEnumerable<IValidateOptions<T>> validations) : IOptionsFactory<T>
    where T : class
{
    private readonly OptionsFactory<T> _framework = new(setups, postConfigures, validations);

    public T Create(string name)
    {
        try
        {
            return _framework.Create(name);
        }
        catch (InvalidOperationException failure) when (UnparsableValue.TryFind(failure, out _) && Section is { } section)
        {
            throw new OptionsValidationException(name, typeof(T), FaultsOf(section, name));
        }
    }

    private static string? Section => typeof(T).GetField("SectionName", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    private List<string> FaultsOf(string section, string name)
    {
        var faults = new List<string>();
        var values = configuration.GetSection(section).AsEnumerable().ToDictionary(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            var readable = new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(section);
            try
            {
                new OptionsFactory<T>([new ConfigureNamedOptions<T>(name, options => readable.Bind(options))], postConfigures, validations).Create(name);
                return faults;
            }
            catch (InvalidOperationException failure) when (UnparsableValue.TryFind(failure, out var value) && values.Remove(value.Path))
            {
                faults.Add(value.InWords());
            }
            catch (OptionsValidationException invalid)
            {
                return [.. faults, .. invalid.Failures];
            }
        }
    }
}
