using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using MailPace.Mail.Addresses;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>Keeps what it gets. Recipients at <c>refused.example</c> are refused, the token is <see cref="Token"/>.</summary>
internal sealed class RecordingIntake : ISubmissionIntake
{
    public const string Token = "mp_secret";

    public ConcurrentQueue<StoredMessage> Messages { get; } = [];

    public ConcurrentQueue<SessionFacts> Sessions { get; } = [];

    public ConcurrentQueue<string> Traces { get; } = [];

    /// <summary>Runs before a message is answered.</summary>
    public Func<CancellationToken, Task<SmtpReply>> Accept { get; set; } = _ => Task.FromResult(new SmtpReply(250, "2.0.0", "OK: queued as 1"));

    public ValueTask<AuthenticationResult> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken) =>
        new(userName == Token && password == Token
            ? AuthenticationResult.Accepted(new TestAccount())
            : AuthenticationResult.Unknown(new SmtpReply(535, "5.7.8", "Invalid API Token")));

    public ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken) => new((SmtpReply?)null);

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) =>
        new(recipient.Domain == "refused.example" ? new SmtpReply(550, "5.7.1", "Relaying denied") : null);

    public void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output) =>
        ReceivedField.Write(session, envelope, "edge.example", transactionId, DateTimeOffset.UnixEpoch, output);

    public async ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var reply = await Accept(cancellationToken).ConfigureAwait(false);
        if (reply.IsPositive)
        {
            Sessions.Enqueue(message.Session);
            Traces.Enqueue(Encoding.Latin1.GetString(message.Content[..message.MessageOffset].Span));
            Messages.Enqueue(new StoredMessage(
                message.Envelope.ReversePath?.ToString(),
                string.Join(',', message.Envelope.Recipients),
                Encoding.Latin1.GetString(message.Content[message.MessageOffset..].Span),
                message.Envelope.EightBitMime,
                message.Envelope.SmtpUtf8));
        }

        return reply;
    }

    private sealed record TestAccount : SmtpAccount;
}
