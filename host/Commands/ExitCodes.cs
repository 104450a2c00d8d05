namespace MailPace.Host.Commands;

/// <summary>What a command returns to the shell; the larger ones are those of sysexits.h.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>What was asked can't be done: not found, there already, refused.</summary>
    public const int Refused = 1;

    /// <summary>EX_UNAVAILABLE: PostgreSQL or NATS doesn't answer. Try again.</summary>
    public const int Unavailable = 69;

    /// <summary>EX_CONFIG: nothing gets better by a repeat.</summary>
    public const int BadConfiguration = 78;
}
