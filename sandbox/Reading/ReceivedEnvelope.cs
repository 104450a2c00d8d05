namespace MailPace.Sandbox.Reading;

/// <param name="ReversePath">MAIL FROM; empty for the null reverse-path.</param>
/// <param name="Recipients">RCPT TO, in order.</param>
public sealed record ReceivedEnvelope(string ReversePath, IReadOnlyList<string> Recipients);
