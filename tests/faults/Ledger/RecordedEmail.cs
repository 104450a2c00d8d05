namespace MailPace.Faults.Ledger;

/// <summary>An email as history has it.</summary>
internal sealed record RecordedEmail
{
    public required long Id { get; init; }

    public required string Marker { get; init; }

    public required string MessageId { get; init; }

    public required IReadOnlyList<RecordedRecipient> Recipients { get; init; }
}
