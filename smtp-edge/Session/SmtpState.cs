namespace MailPace.SmtpEdge.Session;

/// <summary>Where a session stands; which command does what in each is in <see cref="TransitionTable"/>.</summary>
internal enum SmtpState
{
    /// <summary>No EHLO yet, or none since TLS started.</summary>
    Connected,

    /// <summary>Greeted, must start TLS before anything else.</summary>
    Clear,

    /// <summary>Greeted under TLS, or where none is needed; must authenticate.</summary>
    Unauthenticated,

    /// <summary>May start a mail transaction.</summary>
    Ready,

    /// <summary>MAIL was accepted.</summary>
    Transaction,

    /// <summary>MAIL and at least one RCPT were accepted.</summary>
    Recipients,

    /// <summary>At least one BDAT was accepted, and the last one is still to come.</summary>
    Chunks,
}
