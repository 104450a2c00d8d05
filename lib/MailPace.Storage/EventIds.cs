namespace MailPace.Storage;

/// <summary>Log event ids of this library: 4000–4499.</summary>
internal static class EventIds
{
    public const int MigrationApplied = 4000;
    public const int PartitionCreated = 4010;
    public const int PartitionDropped = 4011;
}
