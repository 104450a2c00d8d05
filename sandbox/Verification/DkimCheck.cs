using DnsClient;
using MimeKit;
using MimeKit.Cryptography;

namespace MailPace.Sandbox.Verification;

/// <summary>Verifies each DKIM-Signature field of a message, with a verifier that isn't ours.</summary>
public sealed class DkimCheck
{
    /// <summary>Each costs a look into DNS, and a stranger's mail may have thousands (RFC 6376 §6.1 lets a verifier stop).</summary>
    private const int MostSignatures = 10;

    private readonly PublicKeys keys;

    internal DkimCheck(PublicKeys keys) => this.keys = keys;

    public async Task<IReadOnlyList<DkimResult>> VerifyAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        var results = new List<DkimResult>();
        foreach (var field in message.Headers.Where(header => header.Id == HeaderId.DkimSignature).Take(MostSignatures))
        {
            var tags = Tags(field.Value);
            results.Add(new DkimResult(
                tags.GetValueOrDefault("d", ""), tags.GetValueOrDefault("s", ""), tags.GetValueOrDefault("a", ""), await VerifyAsync(message, field, cancellationToken)));
        }

        return results;
    }

    private async Task<string> VerifyAsync(MimeMessage message, Header field, CancellationToken cancellationToken)
    {
        try
        {
            return await new DkimVerifier(keys).VerifyAsync(message, field, cancellationToken) ? "pass" : "fail";
        }
        catch (DnsResponseException)
        {
            return "temperror";
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            return "permerror";
        }
    }

    private static Dictionary<string, string> Tags(string field)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in field.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = tag.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                tags.TryAdd(tag[..equals].Trim(), tag[(equals + 1)..].Trim());
            }
        }

        return tags;
    }
}
