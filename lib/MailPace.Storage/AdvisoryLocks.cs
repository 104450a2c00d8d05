namespace MailPace.Storage;

/// <summary>Keys of PostgreSQL's advisory locks, one per thing that only one process may do at a time.</summary>
public static class AdvisoryLocks
{
    public const long Migrator = 0x4D50_0001;
    public const long Partitions = 0x4D50_0002;

    /// <summary>Held for as long as a process is the leader of <c>record</c>.</summary>
    public const long RecordLeader = 0x4D50_0003;

    /// <summary>Held while outbox rows are written to the bucket, so that a resync and the feed don't overtake each other.</summary>
    public const long DirectoryFeed = 0x4D50_0004;
}
