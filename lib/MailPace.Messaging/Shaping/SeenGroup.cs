using MailPace.Contracts.Shaping;

namespace MailPace.Messaging.Shaping;

/// <summary>A group's entry as it was seen.</summary>
/// <param name="State">What it said.</param>
/// <param name="Revision">Its revision; 0 where there was none.</param>
public sealed record SeenGroup(GroupState State, ulong Revision);
