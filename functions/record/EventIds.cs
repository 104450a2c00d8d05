namespace MailPace.Record;

/// <summary>Log event ids: 6400–6499.</summary>
internal static class EventIds
{
    public const int LeadershipGained = 6400;
    public const int LeadershipLost = 6401;
    public const int TermFailed = 6402;
    public const int StreamRestarted = 6410;
    public const int StreamGap = 6411;
    public const int FollowerReopened = 6412;
    public const int DeadLettered = 6413;
    public const int BatchRefused = 6414;
    public const int FeedFailed = 6420;
    public const int Resynced = 6421;
    public const int SuppressionsCompacted = 6422;
    public const int SuppressionsFailed = 6423;
    public const int Redriven = 6430;
    public const int ReconcilerFailed = 6431;
    public const int FullSpeed = 6432;
    public const int BeyondRescue = 6433;
    public const int OftenRedriven = 6434;
    public const int WalkEnded = 6435;
    public const int OldestWaiting = 6436;
    public const int RemovedAcknowledged = 6437;
    public const int PartitionsFailed = 6440;
    public const int EmailIdsRaised = 6441;
    public const int EmailIdsUnchecked = 6442;
}
