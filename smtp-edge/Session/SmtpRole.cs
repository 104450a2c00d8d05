namespace MailPace.SmtpEdge.Session;

/// <summary>What a listener is for.</summary>
public enum SmtpRole
{
    /// <summary>Customers hand mail in: STARTTLS, then AUTH (RFC 6409; ports 587, 2525, 25).</summary>
    Submission,

    /// <summary>As <see cref="Submission"/>, with TLS from the first octet (RFC 8314; port 465).</summary>
    Submissions,

    /// <summary>
    /// As <see cref="Submission"/>, in clear: for where a proxy ends TLS before us, or the client is on the same host. The tokens
    /// pass readable, so nothing else may reach the port.
    /// </summary>
    SubmissionInClear,

    /// <summary>Other servers deliver: no AUTH, STARTTLS when there is a certificate.</summary>
    Inbound,
}
