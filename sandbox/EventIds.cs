namespace MailPace.Sandbox;

/// <summary>Log event ids: 7000–7099.</summary>
internal static class EventIds
{
    public const int StoreFailed = 7000;
    public const int TrimFailed = 7001;
}
