using System.Text;
using Microsoft.Extensions.Options;

namespace MailPace.Hosting.Secrets;

/// <summary>Reads secrets from files. Nothing else in the platform does; a secret never stands in an option or an environment variable.</summary>
public sealed class SecretFiles(IOptions<SecretsOptions> options)
{
    public byte[] Read(SecretDefinition secret)
    {
        var path = PathOf(secret.Name);
        if (!File.Exists(path))
        {
            throw new SecretMissingException($"The secret {path} is missing: it {secret.Purpose}. {HowToMake(secret, path)}");
        }

        var bytes = Decode(File.ReadAllText(path, Encoding.UTF8));
        if (bytes?.Length != secret.Length)
        {
            throw new SecretMissingException($"The secret {path} is not {secret.Length} bytes in base64. {HowToMake(secret, path)}");
        }

        return bytes;
    }

    /// <summary>A secret of plain text, or null when there is no such file.</summary>
    public string? FindText(string name)
    {
        var path = PathOf(name);
        return File.Exists(path) ? File.ReadAllText(path, Encoding.UTF8).TrimEnd('\r', '\n') : null;
    }

    private string PathOf(string name) => Path.Combine(options.Value.Directory, name);

    private static string HowToMake(SecretDefinition secret, string path)
        => $"Make it once, and keep a copy: openssl rand -base64 {secret.Length} > {path} (another directory: option Secrets:Directory).";

    private static byte[]? Decode(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), buffer, out var length) ? buffer[..length] : null;
    }
}
