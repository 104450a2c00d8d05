namespace MailPace.Faults.Ledger;

/// <summary>What a client handed in, and what it was told.</summary>
internal sealed record SubmittedEmail
{
    /// <summary>Stands in the subject, and nowhere else.</summary>
    public required string Marker { get; init; }

    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>Absent: it is handed in once, whatever the answer is.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The id of each acknowledgement; empty while there was none.</summary>
    public IReadOnlyList<long> AcknowledgedIds { get; init; } = [];

    public bool IsAcknowledged => AcknowledgedIds.Count > 0;
}
