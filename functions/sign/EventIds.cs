namespace MailPace.Sign;

/// <summary>Log event ids: 6200–6299.</summary>
internal static class EventIds
{
    public const int KeysMissing = 6200;
    public const int KeysUnusable = 6201;
    public const int EmailUnreadable = 6202;
    public const int Parked = 6203;
    public const int RedriveWaits = 6204;
    public const int SigningFailed = 6205;
}
