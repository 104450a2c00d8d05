namespace MailPace.Host.Commands;

/// <summary>A command can't do what it was asked, for a reason that its user can act on.</summary>
internal sealed class CommandFailure(string message) : Exception(message);
