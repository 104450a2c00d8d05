namespace MailPace.Contracts.Directory;

/// <summary>One thing done to many addresses of one owner.</summary>
public readonly record struct SuppressionGroup(SuppressionAction Action, ListOwner Owner, IReadOnlyList<UInt128> Digests);
