namespace MailPace.Deliver.Shaping;

/// <summary>The name of the MX group that a host belongs to when no known provider has it: the domain that its operator registered, as far as that can be told from the name alone.</summary>
internal static class GroupName
{
    /// <summary>Labels under which registries of countries register, as in <c>example.co.uk</c>.</summary>
    private static readonly HashSet<string> Registries = new(StringComparer.Ordinal)
    {
        "ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "gv", "ltd", "mil", "ne", "net", "nom", "or", "org", "plc", "sch",
    };

    /// <param name="host">A host name in lower case.</param>
    public static string OfHost(string host)
    {
        if (System.Net.IPAddress.TryParse(host, out var address))
        {
            return address.ToString().Replace(':', '_').Replace('%', '_');
        }

        var labels = host.Split('.', StringSplitOptions.RemoveEmptyEntries);
        if (labels.Length <= 2)
        {
            return Fit(host);
        }

        var isUnderRegistry = labels[^1].Length == 2 && Registries.Contains(labels[^2]);
        return Fit(string.Join('.', labels[^(isUnderRegistry ? 3 : 2)..]));
    }

    /// <summary>The group of a domain whose mail exchangers aren't known.</summary>
    public static string Unresolved(string domain) => "unresolved/" + Fit(domain);

    public static bool IsFit(string name) => name.Length > 0 && name[0] != '.' && name[^1] != '.' && name.All(IsFit);

    private static bool IsFit(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_';

    /// <summary>DNS may hold what a key can't.</summary>
    private static string Fit(string name)
    {
        var fit = string.Concat(name.Trim('.').Select(c => IsFit(c) ? c : '_'));
        return fit.Length == 0 ? "_" : fit;
    }
}
