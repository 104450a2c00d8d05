namespace MailPace.Deliver;

/// <summary>How a job came to this process.</summary>
/// <param name="ReceivedTimestamp"><see cref="TimeProvider.GetTimestamp"/> at its arrival.</param>
/// <param name="MayBeRepeat">An earlier run may have sent it.</param>
/// <param name="Sequence">Its sequence in JOBS; 0 when it came another way.</param>
internal readonly record struct DeliverySituation(long ReceivedTimestamp, bool MayBeRepeat, long Sequence = 0);
