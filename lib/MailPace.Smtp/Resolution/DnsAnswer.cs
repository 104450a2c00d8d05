using DnsClient.Protocol;

namespace MailPace.Smtp.Resolution;

/// <summary>What DNS says about one name and type.</summary>
/// <param name="Kind">Whether it says anything.</param>
/// <param name="Records">The answer section, aliases included.</param>
/// <param name="IsSecure">A resolver that we trust has validated it with DNSSEC (the AD bit, RFC 4035 §3.2.3).</param>
internal readonly record struct DnsAnswer(DnsAnswerKind Kind, IReadOnlyList<DnsResourceRecord> Records, bool IsSecure);
