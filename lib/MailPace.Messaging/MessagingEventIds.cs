namespace MailPace.Messaging;

/// <summary>Log event ids 2000 to 2099; those of the directory are beside it.</summary>
internal static class MessagingEventIds
{
    public const int NotDurable = 2000;
    public const int BlobLeft = 2001;
    public const int TopologyCreated = 2010;
    public const int TopologyDiffers = 2011;
    public const int TopologyLost = 2012;
    public const int TopologyGone = 2013;
    public const int ConsumerInherited = 2014;
    public const int ServerSyncs = 2020;
    public const int ServerDoesNotSync = 2021;
    public const int ServerSyncUnknown = 2022;
    public const int ServerTooOld = 2023;
    public const int ConsumerInterrupted = 2030;
    public const int HandlerFailed = 2031;
    public const int RetryLater = 2032;
    public const int DeadLettered = 2033;
    public const int DeadLetterFailed = 2034;
    public const int DrainTimedOut = 2035;
    public const int Orphaned = 2036;
}
