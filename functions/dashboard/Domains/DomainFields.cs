namespace MailPace.Dashboard.Domains;

/// <summary>What a client says of a domain.</summary>
internal sealed record DomainFields
{
    /// <summary>ASCII or international; it can't be changed later.</summary>
    public string? Name { get; init; }

    /// <summary>Where its website is.</summary>
    public string? Url { get; init; }
}
