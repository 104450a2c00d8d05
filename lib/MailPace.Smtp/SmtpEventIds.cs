namespace MailPace.Smtp;

/// <summary>Log event ids 3000 to 3099.</summary>
internal static class SmtpEventIds
{
    public const int TlsFailed = 3000;
    public const int ConversationEnded = 3001;
    public const int EndOfDataUnanswered = 3002;
    public const int AddressRefused = 3003;
    public const int StsFetchFailed = 3004;
    public const int StsStoreFailed = 3005;
    public const int PolicyFailed = 3006;
}
