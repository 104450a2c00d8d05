using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Intake;

/// <summary>A large message that was begun, or why its header is reason enough to refuse it.</summary>
public readonly record struct LargeMessageStart
{
    private LargeMessageStart(LargeMessage? message, SmtpReply? refusal)
    {
        Message = message;
        Refusal = refusal;
    }

    public LargeMessage? Message { get; }

    public SmtpReply? Refusal { get; }

    public static LargeMessageStart Begun(LargeMessage message) => new(message, null);

    public static LargeMessageStart Refused(SmtpReply refusal) => new(null, refusal);
}
