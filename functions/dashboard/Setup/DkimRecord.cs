using MailPace.Contracts.Directory;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Setup;

/// <summary>Compares the TXT record that DNS has for a DKIM key with the key (RFC 6376 §3.6.1, RFC 8463 §4).</summary>
public static class DkimRecord
{
    /// <summary>What makes this record unfit for the key, or null.</summary>
    public static string? FindFault(string record, DkimKey key)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in record.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = tag.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length < 2 || !tags.TryAdd(pair[0], pair[1]))
            {
                return "one of its tags is no tag, or stands there twice";
            }
        }

        // White space within p= is allowed.
        var published = tags.TryGetValue("p", out var p) ? string.Concat(p.Where(c => !char.IsWhiteSpace(c))) : null;
        var algorithm = key.Algorithm == DkimAlgorithm.RsaSha256 ? "rsa" : "ed25519";
        if (tags.GetValueOrDefault("v", "DKIM1") != "DKIM1" || (tags.ContainsKey("v") && !record.TrimStart().StartsWith('v')))
        {
            return "it doesn't begin with v=DKIM1";
        }

        if (tags.GetValueOrDefault("k", "rsa") != algorithm)
        {
            return $"its k= is not {algorithm}";
        }

        if (!Allows(tags, "h", "sha256") || !Allows(tags, "s", "email"))
        {
            return "its h= or s= forbids these signatures";
        }

        return published switch
        {
            null => "it has no p=",
            "" => "its p= is empty, which revokes the key",
            _ => published == key.PublicKey ? null : "its p= is another key",
        };
    }

    private static bool Allows(Dictionary<string, string> tags, string tag, string value)
        => !tags.TryGetValue(tag, out var list) || list.Split(':', StringSplitOptions.TrimEntries).Any(item => item == value || (item == "*" && tag == "s"));
}
