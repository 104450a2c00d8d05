using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Configuration;

public static class OptionsServices
{
    /// <summary>Binds <typeparamref name="T"/> to its section; its annotations are checked before anything starts.</summary>
    public static OptionsBuilder<T> AddMailPaceOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(
        this IServiceCollection services,
        string sectionName)
        where T : class
        => services.AddOptions<T>().BindConfiguration(sectionName).ValidateDataAnnotations().ValidateOnStart();

    /// <summary>Options that are needed before there are services. Where they can't be read, the defaults serve until the start reports the fault.</summary>
    internal static T ReadEarly<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(this IConfiguration configuration, string sectionName)
        where T : class, new()
    {
        try
        {
            return configuration.GetSection(sectionName).Get<T>() ?? new T();
        }
        catch (InvalidOperationException failure) when (UnparsableValue.TryFind(failure, out _))
        {
            return new T();
        }
    }
}
