namespace MailPace.SmtpEdge.Protocol;

/// <summary>What <see cref="SmtpInput.TryReadLine"/> found.</summary>
internal enum LineStatus
{
    /// <summary>No whole line yet.</summary>
    Incomplete,

    /// <summary>A line, without its CRLF.</summary>
    Line,

    /// <summary>The line is over the limit; the rest of it is skipped.</summary>
    TooLong,

    /// <summary>The line holds a bare CR, a bare LF or a NUL; it was skipped whole.</summary>
    Malformed,
}
