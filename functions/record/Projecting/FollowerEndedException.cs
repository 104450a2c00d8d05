namespace MailPace.Record.Projecting;

/// <summary>A follower can't go on and is to be opened again.</summary>
internal sealed class FollowerEndedException(string message, Exception? inner = null) : Exception(message, inner);
