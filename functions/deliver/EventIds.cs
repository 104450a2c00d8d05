namespace MailPace.Deliver;

/// <summary>Log event ids 6300 to 6399.</summary>
internal static class EventIds
{
    public const int Attempted = 6300;
    public const int Repeated = 6301;
    public const int Uncertain = 6302;
    public const int EventNotDurable = 6303;
    public const int ContentMissing = 6304;
    public const int GivenBack = 6305;
    public const int Superseded = 6306;
    public const int NotShared = 6320;
    public const int GroupSlowed = 6321;
    public const int GroupRecovered = 6322;
}
