namespace MailPace.Messaging.Publishing;

/// <summary>Where JetStream has it.</summary>
/// <param name="Partition">Number of the stream.</param>
/// <param name="Sequence">Stream sequence of the bundle.</param>
public readonly record struct StoredAt(int Partition, long Sequence);
