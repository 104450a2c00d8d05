namespace MailPace.Contracts;

/// <summary>A recipient of a message that came in.</summary>
/// <param name="Address">As RCPT gave it; the domain as an A-label in lower case.</param>
public sealed record InboundRecipient(string Address)
{
    /// <summary>The email that the return-path was issued for; set for <see cref="InboundKind.Bounce"/> only.</summary>
    public long? EmailId { get; init; }

    /// <summary>The job within that email; set together with it.</summary>
    public int? JobNumber { get; init; }
}
