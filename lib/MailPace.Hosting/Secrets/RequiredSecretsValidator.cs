using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Secrets;

/// <summary>Checks every secret that some part asked for, so that all that are missing are reported at once, beside the options' errors.</summary>
internal sealed class RequiredSecretsValidator(IEnumerable<SecretDefinition> required) : IValidateOptions<SecretsOptions>
{
    public ValidateOptionsResult Validate(string? name, SecretsOptions options)
    {
        var files = new SecretFiles(Options.Create(options));
        var failures = required.Distinct().Select(secret => Problem(files, secret)).OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? Problem(SecretFiles files, SecretDefinition secret)
    {
        try
        {
            files.Read(secret);
            return null;
        }
        catch (Exception e) when (e is SecretMissingException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
