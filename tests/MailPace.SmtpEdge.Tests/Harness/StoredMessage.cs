namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>What an intake was given, apart from what differs between two runs.</summary>
public sealed record StoredMessage(string? ReversePath, string Recipients, string Text, bool EightBitMime, bool SmtpUtf8);
