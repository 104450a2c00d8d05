namespace MailPace.Dashboard.Setup;

/// <summary>What a domain's DNS record is for.</summary>
public enum RecordPurpose
{
    /// <summary>The RSA key; no email leaves before it's published.</summary>
    Dkim,

    /// <summary>The Ed25519 key, for verifiers that know it.</summary>
    DkimEd25519,

    /// <summary>The CNAME of the return-path, so that bounces and SPF are the domain's own.</summary>
    ReturnPath,

    Spf,
    Dmarc,
    Mx,
}
