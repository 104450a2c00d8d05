namespace MailPace.SmtpEdge.Session;

/// <summary>What a listener is for.</summary>
public enum SmtpRole
{
    /// <summary>Customers hand mail in: STARTTLS, then AUTH (RFC 6409; ports 587, 2525, 25).</summary>
    Submission,

    /// <summary>As <see cref="Submission"/>, with TLS from the first octet (RFC 8314; port 465).</summary>
    Submissions,

    /// <summary>Other servers deliver: no AUTH, STARTTLS when there is a certificate.</summary>
    Inbound,
}
