namespace MailPace.Contracts;

/// <summary>A reply as it is kept: bounded and stripped of control characters, still untrusted text.</summary>
/// <param name="Code">Three-digit SMTP code; 0 where no reply came (a connection or DNS failure).</param>
/// <param name="Enhanced">Enhanced status code such as <c>5.1.1</c> (RFC 3463); absent when the remote gave none.</param>
/// <param name="Text">Text, lines joined by a space; at most 1,000 characters.</param>
public sealed record RemoteReply(int Code, string? Enhanced, string Text);
