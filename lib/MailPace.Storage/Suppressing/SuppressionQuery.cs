namespace MailPace.Storage.Suppressing;

/// <summary>Which entries of a list, newest first.</summary>
public sealed record SuppressionQuery
{
    public string? Address { get; init; }

    public string? Reason { get; init; }

    /// <summary>Id of the last entry that the caller has.</summary>
    public long? Before { get; init; }

    public int Limit { get; init; } = 100;
}
