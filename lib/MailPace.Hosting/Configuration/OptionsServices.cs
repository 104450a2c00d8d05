using System.Diagnostics.CodeAnalysis;
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
}
