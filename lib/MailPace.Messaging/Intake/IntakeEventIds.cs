namespace MailPace.Messaging.Intake;

/// <summary>Log event ids of the intake: 2350–2399.</summary>
internal static class IntakeEventIds
{
    public const int Accepted = 2350;
    public const int NotDurable = 2351;
    public const int BlobLeft = 2352;
}
