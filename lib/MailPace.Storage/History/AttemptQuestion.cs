namespace MailPace.Storage.History;

/// <summary>Which attempt is asked about, and how far EVENTS must be projected for the answer to count.</summary>
public sealed record AttemptQuestion
{
    public required long EmailId { get; init; }

    /// <summary>Names the partition that holds the email's history.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    public required int JobNumber { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The stream <c>EVENTS-&lt;partition&gt;</c> that holds the email's events.</summary>
    public required string EventsStream { get; init; }

    /// <summary>That stream's last sequence, read when the question is asked.</summary>
    public required long EventsSequence { get; init; }
}
