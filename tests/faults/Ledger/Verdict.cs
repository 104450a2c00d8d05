namespace MailPace.Faults.Ledger;

/// <summary>What the checker found.</summary>
internal sealed record Verdict
{
    /// <summary>Emails that a client was told are accepted.</summary>
    public required int Acknowledged { get; init; }

    /// <summary>Copies at the sink, one per recipient.</summary>
    public required int Copies { get; init; }

    /// <summary>Copies beyond the first of a recipient.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Those that a recorded uncertain attempt explains.</summary>
    public required int Explained { get; init; }

    public required int Uncertain { get; init; }

    public required int Redriven { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }
}
