using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailPace.Contracts;

namespace MailPace.Smtp.Security;

/// <summary>Compares what a host presents with its TLSA records (RFC 7672 §3).</summary>
internal static class DaneCheck
{
    /// <param name="demand">What is asked for.</param>
    /// <param name="leaf">The host's certificate.</param>
    /// <param name="presented">What it sent along.</param>
    /// <returns>Null if it's authentic.</returns>
    public static TlsFault? FaultOf(TlsDemand demand, X509Certificate2 leaf, X509Certificate2Collection presented)
    {
        var records = demand.Tlsa!.Records;

        // DANE-EE: the record vouches for the certificate, whatever stands in it; names and dates don't count (§3.1.1).
        if (records.Any(record => record.Usage == 3 && Matches(record, leaf)))
        {
            return null;
        }

        var anchors = Anchors(records, leaf, presented);
        if (anchors.Count == 0)
        {
            return TlsFault.ValidationFailure;
        }

        if (CertificateCheck.ChainFaultOf(leaf, presented, anchors) is { } fault)
        {
            return fault;
        }

        return CertificateCheck.Names(leaf, demand.Name) || (demand.OtherName is { } other && CertificateCheck.Names(leaf, other))
            ? null
            : TlsFault.CertificateHostMismatch;
    }

    /// <summary>The certificates that a record of usage DANE-TA names: presented ones, or those that stand in a record whole.</summary>
    private static X509Certificate2Collection Anchors(IReadOnlyList<Tlsa> records, X509Certificate2 leaf, X509Certificate2Collection presented)
    {
        X509Certificate2Collection anchors = [];
        foreach (var record in records.Where(record => record.Usage == 2))
        {
            anchors.AddRange(presented.Where(certificate => certificate.Thumbprint != leaf.Thumbprint && Matches(record, certificate)).ToArray());
            if (record is { Selector: 0, Matching: 0 } && TryLoad(record) is { } whole)
            {
                anchors.Add(whole);
            }
        }

        return anchors;
    }

    private static X509Certificate2? TryLoad(Tlsa record)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromHexString(record.Data));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool Matches(Tlsa record, X509Certificate2 certificate)
    {
        var selected = record.Selector == 0 ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var compared = record.Matching switch { 1 => SHA256.HashData(selected), 2 => SHA512.HashData(selected), _ => selected };
        return Convert.ToHexString(compared).Equals(record.Data, StringComparison.OrdinalIgnoreCase);
    }
}
