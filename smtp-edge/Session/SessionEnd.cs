namespace MailPace.SmtpEdge.Session;

/// <summary>How a session ended; the label <c>end</c> of its metric.</summary>
internal enum SessionEnd
{
    Quit,
    ClientClosed,
    TimedOut,
    Dropped,
    Stopped,
    HandshakeFailed,
    Failed,
}
