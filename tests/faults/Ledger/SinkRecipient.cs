namespace MailPace.Faults.Ledger;

/// <summary>What the remote knows of one recipient of one email.</summary>
internal sealed record SinkRecipient
{
    public required string Marker { get; init; }

    public required string Recipient { get; init; }

    /// <summary>The Message-ID of each copy that was stored, whether the final 250 left or not.</summary>
    public IReadOnlyList<string> Copies { get; init; } = [];

    /// <summary>Copies whose final 250 left; it may not have arrived.</summary>
    public int Answered { get; init; }

    /// <summary>Times that the recipient was refused for good.</summary>
    public int Refused { get; init; }
}
