namespace MailPace.SmtpEdge.Session;

/// <summary>Where a command leads.</summary>
internal enum NextState
{
    Same,
    Connected,

    /// <summary><see cref="SmtpState.Clear"/>, <see cref="SmtpState.Unauthenticated"/> or <see cref="SmtpState.Ready"/>: whatever role, TLS and AUTH say.</summary>
    Greeted,
    Ready,
    Transaction,
    Recipients,
    Chunks,
}
