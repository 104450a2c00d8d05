using MailPace.Mail.Submission;

namespace MailPace.Messaging.Intake;

/// <summary>What became of a submission.</summary>
public abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    public T Match<T>(Func<Accepted, T> accepted, Func<Refused, T> refused) => this switch
    {
        Accepted taken => accepted(taken),
        Refused not => refused(not),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>It's on disk.</summary>
    /// <param name="Id">The email id.</param>
    /// <param name="IsRepeat">An earlier request with the same idempotency key has this id; nothing new was stored.</param>
    public sealed record Accepted(long Id, bool IsRepeat) : IntakeResult;

    /// <summary>Nothing was accepted.</summary>
    public sealed record Refused(Refusal Refusal) : IntakeResult;
}
