using DnsClient.Protocol;
using MailPace.Smtp.Resolution;

namespace MailPace.Smtp.Security;

internal static class TlsaRecords
{
    public static IReadOnlyList<Tlsa> In(DnsAnswer answer) =>
    [
        .. answer.Records.OfType<TlsaRecord>().Select(record => new Tlsa(
            (int)record.CertificateUsage, (int)record.Selector, (int)record.MatchingType, Convert.ToHexString([.. record.CertificateAssociationData]))),
    ];
}
