namespace MailPace.Bounce;

/// <summary>Log event ids: 6900–6999.</summary>
internal static class EventIds
{
    public const int Reported = 6900;
    public const int NotOurs = 6901;
    public const int Unknown = 6902;
}
