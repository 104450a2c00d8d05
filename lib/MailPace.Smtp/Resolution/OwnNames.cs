using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Resolution;

/// <summary>What we say in EHLO and in our own greeting is a name of ours too, whether the operator lists it or not.</summary>
internal sealed class OwnNames(IOptions<SmtpOptions> smtp, IConfiguration configuration) : IPostConfigureOptions<ResolverOptions>
{
    /// <summary>Of the edge, which may run in this process or beside it with the same settings.</summary>
    private const string EdgeHostName = "SmtpEdge:HostName";

    public void PostConfigure(string? name, ResolverOptions options)
        => options.OwnNames = [.. options.OwnNames
            .Concat([HeloName(), configuration[EdgeHostName] ?? ""])
            .Where(static own => own.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    private string HeloName()
    {
        try
        {
            return smtp.Value.HeloNameOrHost;
        }
        catch (OptionsValidationException)
        {
            return ""; // reported by its own validation
        }
    }
}
