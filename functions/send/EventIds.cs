namespace MailPace.Send;

/// <summary>Log event ids of this function: 6100–6199.</summary>
internal static class EventIds
{
    public const int Refused = 6100;
    public const int Failed = 6101;
    public const int BatchFailed = 6102;
}
