namespace MailPace.Contracts;

/// <summary>One envelope recipient. Its ordinal is its index in <see cref="AcceptedEmail.Recipients"/>.</summary>
/// <param name="Address">Bare address; the domain as an A-label in lower case, the local part as given.</param>
/// <param name="Kind">Where the header names it.</param>
public sealed record EnvelopeRecipient(string Address, RecipientKind Kind)
{
    /// <summary>NOTIFY (RFC 3461); absent when the client didn't say.</summary>
    public DsnNotify? Notify { get; init; }

    /// <summary>ORCPT (RFC 3461), decoded: address type, semicolon, address.</summary>
    public string? OriginalRecipient { get; init; }
}
