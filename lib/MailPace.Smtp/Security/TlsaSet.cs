namespace MailPace.Smtp.Security;

/// <summary>The usable TLSA records of a host, in an order of their own: sets with the same records are equal.</summary>
internal sealed class TlsaSet : IEquatable<TlsaSet>
{
    private readonly string _text;

    public TlsaSet(IEnumerable<Tlsa> records)
    {
        var usable = records.Where(record => record.IsUsable).Distinct().OrderBy(record => record.ToString(), StringComparer.Ordinal).ToList();

        // Of one usage and selector only the strongest digest counts (RFC 7671 §9): breaking a weaker one is of no use then.
        Records = [.. usable.Where(record => record.Matching != 1 || !usable.Exists(other => other.Matching == 2 && other.Usage == record.Usage && other.Selector == record.Selector))];
        _text = string.Join(';', Records);
    }

    public IReadOnlyList<Tlsa> Records { get; }

    /// <summary>Some record names an authority and not the host's own certificate.</summary>
    public bool HasTrustAnchor => Records.Any(record => record.Usage == 2);

    public bool Equals(TlsaSet? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as TlsaSet);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;
}
