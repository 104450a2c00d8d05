namespace MailPace.Contracts;

/// <summary>A recipient within a delivery job.</summary>
/// <param name="Ordinal">Index in <see cref="AcceptedEmail.Recipients"/>.</param>
/// <param name="Address">Bare address.</param>
public sealed record JobRecipient(int Ordinal, string Address);
