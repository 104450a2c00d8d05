namespace MailPace.Faults.Ledger;

/// <summary>The three accounts of one run, read when all was quiet.</summary>
internal sealed record Accounts
{
    public required IReadOnlyList<SubmittedEmail> Submitted { get; init; }

    public required IReadOnlyList<SinkRecipient> Sink { get; init; }

    public required IReadOnlyList<RecordedEmail> Recorded { get; init; }
}
