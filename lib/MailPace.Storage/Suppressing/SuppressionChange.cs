namespace MailPace.Storage.Suppressing;

/// <summary>Something done to a list, which can be undone.</summary>
public sealed record SuppressionChange
{
    public required long Id { get; init; }

    /// <summary><c>block</c> or <c>allow</c>.</summary>
    public required string List { get; init; }

    /// <summary><c>added</c>, <c>removed</c>, <c>imported</c> or <c>undone</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The token or operator that did it.</summary>
    public required string MadeBy { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>How many addresses it added or removed.</summary>
    public required long Addresses { get; init; }

    /// <summary>The change that took this one back.</summary>
    public long? UndoneBy { get; init; }
}
