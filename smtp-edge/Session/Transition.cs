using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Session;

/// <summary>A cell of the <see cref="TransitionTable"/>: the command is refused with a reply, or runs and, when done, leads to a state.</summary>
internal readonly record struct Transition
{
    private Transition(SmtpReply? refusal, NextState next)
    {
        Refusal = refusal;
        Next = next;
    }

    /// <summary>Why the command isn't allowed here; absent when it is.</summary>
    public SmtpReply? Refusal { get; }

    /// <summary>Where the command leads when it was done. A command that fails leads nowhere.</summary>
    public NextState Next { get; }

    public static Transition No(SmtpReply refusal) => new(refusal, NextState.Same);

    public static Transition Go(NextState next) => new(null, next);
}
