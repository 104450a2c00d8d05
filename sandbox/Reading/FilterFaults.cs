namespace MailPace.Sandbox.Reading;

/// <summary>The answer to filters that can't be meant.</summary>
/// <param name="Error">All that is wrong, in one line.</param>
internal sealed record FilterFaults(string Error);
