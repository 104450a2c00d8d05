namespace MailPace.Smtp.Protocol;

/// <summary>What the remote sent is no reply.</summary>
internal sealed class ReplyFormatException(string message) : Exception(message);
