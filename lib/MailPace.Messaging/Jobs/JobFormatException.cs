namespace MailPace.Messaging.Jobs;

/// <summary>A payload in JOBS is no job that this program can read.</summary>
public sealed class JobFormatException(string message) : Exception(message);
