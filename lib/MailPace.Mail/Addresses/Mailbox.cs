namespace MailPace.Mail.Addresses;

/// <summary>An address with an optional display name (RFC 5322 §3.4).</summary>
/// <param name="Name">Decoded; null when absent or empty.</param>
/// <param name="Address">The address.</param>
public sealed record Mailbox(string? Name, EmailAddress Address);
