namespace MailPace.Dashboard.Setup;

/// <summary>What DNS has for a record.</summary>
/// <param name="Record">What is to be there.</param>
/// <param name="State">Whether it is.</param>
/// <param name="Found">What is there, as DNS has it; a stranger's words.</param>
/// <param name="Explanation">What is missing or wrong, and what it means; null where all is well.</param>
public sealed record RecordCheck(DomainRecord Record, RecordState State, IReadOnlyList<string> Found, string? Explanation);
