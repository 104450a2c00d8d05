using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailPace.Contracts;

namespace MailPace.Smtp.Security;

/// <summary>Checks certificates against known authorities: the system's, and those of <see cref="TlsOptions.AuthoritiesPath"/>.</summary>
internal sealed class CertificateCheck(X509Certificate2Collection authorities)
{
    /// <summary>
    /// Nothing is fetched and no revocation is asked for: where a certificate points to is a stranger's word, and a mail must not wait for it.
    /// </summary>
    public static X509ChainPolicy NewPolicy() => new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };

    public static CertificateCheck From(TlsOptions options)
    {
        X509Certificate2Collection authorities = [];
        if (options.AuthoritiesPath.Length > 0)
        {
            authorities.ImportFromPemFile(options.AuthoritiesPath);
        }

        return new CertificateCheck(authorities);
    }

    /// <summary>By the names in subjectAltName only (RFC 8461 §4.1, RFC 9525).</summary>
    public static bool Names(X509Certificate2 certificate, string name) => certificate.MatchesHostname(name, allowWildcards: true, allowCommonName: false);

    /// <param name="leaf">The host's certificate.</param>
    /// <param name="chain">As it was built by <see cref="NewPolicy"/>, against the system's authorities.</param>
    /// <param name="name">The name that it has to show.</param>
    /// <returns>Null if it's good.</returns>
    public TlsFault? FaultOf(X509Certificate2 leaf, X509Chain chain, string name)
    {
        var fault = FaultOf(chain);
        if (fault is not null && authorities.Count > 0)
        {
            fault = ChainFaultOf(leaf, chain.ChainPolicy.ExtraStore, authorities);
        }

        return fault ?? (Names(leaf, name) ? null : TlsFault.CertificateHostMismatch);
    }

    /// <param name="leaf">The host's certificate.</param>
    /// <param name="presented">What it sent along.</param>
    /// <param name="anchors">Who is trusted; other than roots they needn't be self-signed.</param>
    public static TlsFault? ChainFaultOf(X509Certificate2 leaf, X509Certificate2Collection presented, X509Certificate2Collection anchors)
    {
        using var chain = new X509Chain { ChainPolicy = NewPolicy() };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.ExtraStore.AddRange(presented);
        chain.ChainPolicy.ExtraStore.AddRange(anchors);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
        if (chain.Build(leaf))
        {
            return null;
        }

        // What is above the anchor doesn't matter; that nothing is wrong up to it does.
        foreach (var element in chain.ChainElements)
        {
            var isAnchor = anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span));
            if (Array.Exists(element.ChainElementStatus, status => !isAnchor || status.Status is not (X509ChainStatusFlags.PartialChain or X509ChainStatusFlags.UntrustedRoot)))
            {
                break;
            }

            if (isAnchor)
            {
                return null;
            }
        }

        return FaultOf(chain);
    }

    private static TlsFault? FaultOf(X509Chain chain)
    {
        if (chain.ChainStatus.Length == 0)
        {
            return null;
        }

        return Array.Exists(chain.ChainStatus, status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) ? TlsFault.CertificateExpired : TlsFault.CertificateNotTrusted;
    }
}
