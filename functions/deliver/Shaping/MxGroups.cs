using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MailPace.Deliver.Shaping;

/// <summary>Knows which group a mail exchanger belongs to, and the limits of each group: as shipped, with what the configuration changes.</summary>
internal sealed class MxGroups
{
    private readonly Dictionary<string, GroupLimits> _limits = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _suffixes = new(StringComparer.OrdinalIgnoreCase);
    private readonly GroupLimits _default;

    public MxGroups(IOptions<ShapingOptions> options)
    {
        var shaping = options.Value;
        _default = new GroupLimits(shaping.Connections, shaping.MessagesPerConnection, shaping.MessagesPerSecond);
        foreach (var shipped in ReadShipped())
        {
            _limits[shipped.Name] = new GroupLimits(shipped.Connections, shipped.MessagesPerConnection, shipped.Messages / shipped.Per.TotalSeconds);
            Take(shipped.Name, shipped.Suffixes);
        }

        foreach (var (name, configured) in shaping.Groups)
        {
            var isShipped = _limits.TryGetValue(name, out var known);
            _limits[name] = Merge(isShipped ? known : _default, configured);
            Take(name, configured.Suffixes.Length > 0 || isShipped ? configured.Suffixes : [name]);
        }
    }

    public GroupLimits LimitsOf(string group) => _limits.GetValueOrDefault(group, _default);

    /// <param name="host">Name of a mail exchanger, in lower case.</param>
    public string GroupOf(string host)
    {
        for (var name = host; ; name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            if (_suffixes.TryGetValue(name, out var group))
            {
                return group;
            }

            if (!name.Contains('.', StringComparison.Ordinal))
            {
                return GroupName.OfHost(host);
            }
        }
    }

    internal static ShippedGroup[] ReadShipped()
    {
        using var data = typeof(MxGroups).Assembly.GetManifestResourceStream("providers.json")!;
        return JsonSerializer.Deserialize(data, DeliverJsonContext.Default.ShippedGroupArray)!;
    }

    private static GroupLimits Merge(GroupLimits known, GroupLimitsOptions configured) => new(
        configured.Connections ?? known.Connections,
        configured.MessagesPerConnection ?? known.MessagesPerConnection,
        configured.Messages is { } messages ? messages / (configured.Per ?? TimeSpan.FromSeconds(1)).TotalSeconds : known.Rate);

    private void Take(string group, IEnumerable<string> suffixes)
    {
        foreach (var suffix in suffixes)
        {
            _suffixes[suffix.Trim('.')] = group;
        }
    }
}
