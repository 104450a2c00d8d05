namespace MailPace.SmtpEdge.Intake;

/// <summary>An intake that takes large messages while they come, so that none is held in memory as a whole.</summary>
public interface ILargeMessageIntake : IMessageIntake
{
    /// <summary>Octets up to which a message is held in memory and handed over by <see cref="IMessageIntake.AcceptAsync"/>.</summary>
    int MaxInMemory { get; }

    /// <summary>Begins a message that is larger. An exception is answered with 451.</summary>
    /// <param name="head">The trace fields, the whole header, and what came of the body so far; its memory is valid until the result is there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<LargeMessageStart> BeginAsync(ReceivedMessage head, CancellationToken cancellationToken);
}
