namespace MailPace.Host;

/// <summary>Log event ids: 8000–8099.</summary>
internal static class EventIds
{
    public const int Running = 8000;
}
