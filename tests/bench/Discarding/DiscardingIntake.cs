using System.Buffers;
using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.Bench.Discarding;

/// <summary>Takes every message, counts it, and keeps nothing.</summary>
internal sealed class DiscardingIntake : ISubmissionIntake
{
    public const string Token = "discard";

    private static readonly SmtpReply Accepted = new(250, "2.0.0", "OK: discarded");

    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ValueTask<AuthenticationResult> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken) =>
        new(AuthenticationResult.Accepted(new Account()));

    public ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken) => default;

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) => default;

    public void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output) =>
        ReceivedField.WriteWithoutClient(session, envelope, "bench.example", transactionId, DateTimeOffset.UnixEpoch, output);

    public ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        return new(Accepted);
    }

    private sealed record Account : SmtpAccount;
}
