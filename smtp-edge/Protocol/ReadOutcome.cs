namespace MailPace.SmtpEdge.Protocol;

/// <summary>How a wait for more octets ended.</summary>
internal enum ReadOutcome
{
    /// <summary>There are more octets to look at.</summary>
    Data,

    /// <summary>The client has closed its side.</summary>
    End,

    /// <summary>The wait was interrupted from outside: a deadline passed or the server stops.</summary>
    Interrupted,
}
