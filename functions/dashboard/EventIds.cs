namespace MailPace.Dashboard;

/// <summary>Log event ids of this function: 6700–6799.</summary>
internal static class EventIds
{
    public const int ApiFailed = 6700;
    public const int ApiUnavailable = 6701;
}
