using MailPace.Contracts;

namespace MailPace.Faults.Ledger;

/// <summary>A recipient as history has it.</summary>
internal sealed record RecordedRecipient
{
    public required string Address { get; init; }

    public required RecipientState State { get; init; }

    /// <summary>Outcomes of the timeline that end something, in order: delivered, bounced and the like.</summary>
    public IReadOnlyList<RecipientState> FinalOutcomes { get; init; } = [];

    /// <summary>Attempts recorded as uncertain: before a repeat, or because the remote's last answer didn't come.</summary>
    public int Uncertain { get; init; }

    public int Redriven { get; init; }

    public bool IsOpen => State is RecipientState.Queued or RecipientState.Deferred;
}
