namespace MailPace.Mail.Addresses;

/// <summary>A display name (decoded text, absent when there is none) with its address.</summary>
public sealed record Mailbox(string? Name, EmailAddress Address);
