namespace MailPace.SmtpEdge.Listening.Proxy;

/// <summary>Why a proxy's connection was ended before it began.</summary>
internal enum ProxyFault
{
    Malformed,
    TooLong,

    /// <summary>The proxy closed within the header.</summary>
    CutOff,

    /// <summary>The header didn't come in time.</summary>
    Slow,
}
