namespace MailPace.SmtpEdge.Session;

/// <summary>
/// The slowest that a message or a chunk may come: so many octets within each <see cref="Listening.SmtpEdgeOptions.DataTimeout"/>, so that a
/// client that drips octets is no better off than one that is silent.
/// </summary>
internal struct DataPace
{
    private long _share;
    private long _from;
    private long _deadline;

    /// <summary>Starts anew with the next message or chunk.</summary>
    public void Reset() => _deadline = 0;

    /// <summary>The time by which more has to come.</summary>
    /// <param name="received">Octets of the session so far.</param>
    /// <param name="share">Octets that are wanted within each <paramref name="timeout"/>.</param>
    /// <param name="timeout">How long the client has for each share.</param>
    /// <param name="clock">Tells the time in so long.</param>
    public long DeadlineAt(long received, long share, TimeSpan timeout, SessionDeadline clock)
    {
        if (_deadline == 0 || received - _from >= _share)
        {
            _from = received;
            _share = Math.Max(share, 1);
            _deadline = clock.In(timeout);
        }

        return _deadline;
    }
}
