namespace MailPace.SmtpEdge;

/// <summary>Ids of this project's log events: 6000 to 6099.</summary>
internal static class EventIds
{
    public const int Listening = 6000;
    public const int Stopping = 6001;
    public const int StopForced = 6002;
    public const int ConnectionRefused = 6003;
    public const int AcceptFailed = 6004;
    public const int ProxyHeaderRefused = 6005;
    public const int ProxyConnectionFailed = 6006;

    public const int SessionStarted = 6010;
    public const int SessionEnded = 6011;
    public const int SessionFailed = 6012;
    public const int HandshakeFailed = 6013;
    public const int CommandInjection = 6014;
    public const int SessionTimedOut = 6015;

    public const int AuthenticationSucceeded = 6020;
    public const int AuthenticationFailed = 6021;
    public const int AuthenticationLockedOut = 6022;

    public const int MessageAccepted = 6030;
    public const int MessageRefused = 6031;
    public const int MessageFaulty = 6032;
    public const int IntakeFailed = 6033;
    public const int MessageNotStored = 6034;
}
