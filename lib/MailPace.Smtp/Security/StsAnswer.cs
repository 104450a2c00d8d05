using MailPace.Contracts;

namespace MailPace.Smtp.Security;

/// <summary>What is known of a domain's MTA-STS policy.</summary>
/// <param name="Policy">Absent where there is none that counts.</param>
/// <param name="Fault">A newer one, or any at all, couldn't be had.</param>
/// <param name="Detail">Of the fault, in words.</param>
internal readonly record struct StsAnswer(StsPolicy? Policy, TlsFault? Fault, string? Detail);
