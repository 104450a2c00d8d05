namespace MailPace.Sandbox.Verification;

/// <summary>What a verifier says of one DKIM-Signature field.</summary>
/// <param name="Domain">The signing domain, <c>d=</c>.</param>
/// <param name="Selector">The selector, <c>s=</c>.</param>
/// <param name="Algorithm">The algorithm, <c>a=</c>.</param>
/// <param name="Result">A result of RFC 8601 §2.7.1: <c>pass</c>, <c>fail</c>, <c>permerror</c> or <c>temperror</c>.</param>
public sealed record DkimResult(string Domain, string Selector, string Algorithm, string Result);
