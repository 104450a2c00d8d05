using Microsoft.Extensions.Options;

namespace MailPace.SmtpEdge.Listening;

/// <summary>Files that aren't there are a mistake in the settings; what is wrong within them is told where they are read.</summary>
internal sealed class CertificateFilesValidator : IValidateOptions<SmtpEdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpEdgeOptions options)
    {
        string?[] paths = [options.CertificatePath, options.CertificateKeyPath, .. options.Certificates.SelectMany(static certificate => new[] { certificate.Path, certificate.KeyPath })];
        var missing = paths.Where(static path => !string.IsNullOrEmpty(path) && !File.Exists(path)).ToList();
        return missing.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(missing.Select(static path => $"{SmtpEdgeOptions.SectionName}: the certificate's file {path} does not exist."));
    }
}
