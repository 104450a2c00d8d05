namespace MailPace.Sandbox.Reading;

/// <param name="Name">Name of the field.</param>
/// <param name="Value">Its value, unfolded and decoded.</param>
public sealed record ReceivedHeader(string Name, string Value);
