namespace MailPace.Contracts.Directory;

/// <summary>Where in a snapshot an entry of <see cref="SuppressionLog"/> stands; <see cref="None"/>: it's a change.</summary>
[Flags]
public enum SnapshotPart
{
    None = 0,
    Part = 1,
    First = 2,
    Last = 4,
}
