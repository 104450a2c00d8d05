namespace MailPace.Storage.History;

/// <summary>What history says about one attempt of one job.</summary>
public abstract record RecordedAttempt
{
    private RecordedAttempt()
    {
    }

    public T Match<T>(Func<Final, T> final, Func<Deferred, T> deferred, Func<Nothing, T> nothing, Func<Unknown, T> unknown) => this switch
    {
        Final answer => final(answer),
        Deferred answer => deferred(answer),
        Nothing answer => nothing(answer),
        Unknown answer => unknown(answer),
        _ => throw new InvalidOperationException("The family is closed."),
    };

    /// <summary>The attempt ended and left no recipient to try again.</summary>
    public sealed record Final : RecordedAttempt;

    /// <summary>The attempt ended and left recipients to try again.</summary>
    /// <param name="NextAttemptAt">When, as the event says; absent when it names no time.</param>
    /// <param name="Ordinals">The recipients that were deferred.</param>
    public sealed record Deferred(DateTimeOffset? NextAttemptAt, IReadOnlyList<int> Ordinals) : RecordedAttempt;

    /// <summary>No outcome of this attempt was durable when the question was asked.</summary>
    public sealed record Nothing : RecordedAttempt;

    /// <summary>PostgreSQL is away or the projection is behind: ask again later, send nothing.</summary>
    public sealed record Unknown(string Reason) : RecordedAttempt;
}
