namespace MailPace.Storage.Accounts;

/// <summary>Which domains of an organisation to list, in which order.</summary>
public sealed record DomainPage
{
    public int Limit { get; init; } = 50;

    public int Offset { get; init; }

    public DomainSort Sort { get; init; } = DomainSort.CreatedAt;

    public SortDirection Direction { get; init; } = SortDirection.Descending;
}
