namespace MailPace.SmtpEdge.Listening.Proxy;

/// <summary>What the octets at the beginning of a connection are.</summary>
internal enum ProxyHeaderStatus
{
    /// <summary>A whole header.</summary>
    Complete,

    /// <summary>The beginning of one.</summary>
    Incomplete,

    /// <summary>None, and no more octets make it one.</summary>
    Malformed,

    /// <summary>One that is longer than we take.</summary>
    TooLong,
}
