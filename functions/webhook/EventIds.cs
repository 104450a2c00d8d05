namespace MailPace.Webhook;

/// <summary>Log event ids: 6800–6899.</summary>
internal static class EventIds
{
    public const int Unreadable = 6800;
    public const int Unknown = 6801;
    public const int SupervisionFailed = 6810;
    public const int EndpointOpened = 6811;
    public const int EndpointClosed = 6812;
    public const int Posted = 6820;
    public const int GivenUp = 6821;
    public const int Paused = 6830;
    public const int Notified = 6831;
    public const int NotNotified = 6832;
    public const int LogFailed = 6840;
    public const int LogFull = 6841;
    public const int Replayed = 6850;
}
