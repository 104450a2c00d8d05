using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailPace.Contracts;
using MailPace.Mail.Addresses;
using MailPace.Mail.Headers;
using MailPace.Mail.Submission;
using MailPace.Messaging.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Intake;

/// <summary>
/// Customers' mail: the same checks and words as the API, by the same <see cref="EmailIntake"/>. User name and password
/// are both the API token. The header From decides whose domain it is, the envelope who gets it.
/// </summary>
internal sealed class SubmissionIntake(EmailIntake intake, SmtpEdgeOptions options, TimeProvider time) : ISubmissionIntake
{
    // RFC 4954 §6: 454, so that the client keeps the message and its credentials.
    private static readonly SmtpReply NotNow = new(454, "4.7.0", "Temporary authentication failure");

    private readonly MessageStamps _stamps = new(time, Random.Shared);

    public ValueTask<AuthenticationResult> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        // Both are hashed and looked up whatever they are, so that time tells nothing of which was wrong.
        var same = CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(userName)), SHA256.HashData(Encoding.UTF8.GetBytes(password)));
        var known = intake.TryAuthenticate(password, out var session, out var refusal);
        if (same && known)
        {
            return new(AuthenticationResult.Accepted(new SubmissionAccount(session!)));
        }

        return new(same && refusal!.Kind is not (RefusalKind.MissingToken or RefusalKind.InvalidToken)
            ? AuthenticationResult.Refused(ReplyToAuth(refusal))
            : AuthenticationResult.Unknown(ReplyToAuth(Refusal.InvalidToken)));
    }

    public ValueTask<SmtpReply?> CheckReversePathAsync(SessionFacts session, Envelope envelope, CancellationToken cancellationToken) =>
        new(Say(intake.CheckRate(SessionOf(session))));

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) =>
        new(Say(intake.CheckRecipient(SessionOf(session), "to", recipient)));

    public void WriteTraceFields(SessionFacts session, Envelope envelope, string transactionId, IBufferWriter<byte> output)
    {
        if (options.DiscloseClient)
        {
            ReceivedField.Write(session, envelope, options.HostName, transactionId, time.GetUtcNow(), output);
            return;
        }

        ReceivedField.WriteWithoutClient(session, envelope, options.HostName, transactionId, time.GetUtcNow(), output);
    }

    public async ValueTask<SmtpReply> AcceptAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var own = message.Content[message.MessageOffset..];
        var body = Ascii.IsValid(own.Span) ? BodyKnowledge.CheckedSevenBit : BodyKnowledge.CheckedEightBit;
        if (!SubmittedMessage.TryPrepare(message.Content, body, _stamps, out var prepared, out var fault))
        {
            return new SmtpReply(RefusalReplies.For(Refusal.Of(fault)));
        }

        var submission = Compose(message, own, prepared);
        var result = await FindRepeatAsync(submission, cancellationToken).ConfigureAwait(false)
            ?? FindBlocked(submission, message.Envelope)
            ?? await intake.AcceptAsync(submission, cancellationToken).ConfigureAwait(false);
        return result.Match(
            accepted => new SmtpReply(250, "2.0.0", string.Create(CultureInfo.InvariantCulture, $"OK: queued as {accepted.Id}")),
            refused => new SmtpReply(RefusalReplies.For(refused.Refusal)));
    }

    private ValueTask<IntakeResult?> FindRepeatAsync(Submission submission, CancellationToken cancellationToken) =>
        submission is { IdempotencyKey: { Length: <= EmailIntake.MaxIdempotencyKey } key, RequestHash: { } hash }
            ? intake.FindRepeatAsync(submission.Session, key, hash, submission.Message.Length, cancellationToken)
            : default;

    /// <summary>Once more: since its RCPT a recipient may have been suppressed.</summary>
    private IntakeResult.Refused? FindBlocked(Submission submission, Envelope envelope)
    {
        foreach (var recipient in envelope.Recipients)
        {
            if (intake.CheckRecipient(submission.Session, "to", recipient) is { } refusal)
            {
                return new IntakeResult.Refused(refusal);
            }
        }

        return null;
    }

    private static Submission Compose(ReceivedMessage message, ReadOnlyMemory<byte> own, PreparedMessage prepared) => new()
    {
        Session = SessionOf(message.Session),
        Source = EmailSource.Smtp,
        HeaderFrom = prepared.HeaderFrom,
        ReversePath = message.Envelope.ReversePath?.Address ?? "",
        Recipients = EnvelopeRecipients.Of(message.Envelope, prepared),
        Message = prepared.Message,
        MessageId = prepared.MessageId,
        Subject = prepared.Subject,
        Tags = prepared.Tags,
        SmtpUtf8 = prepared.SmtpUtf8 || message.Envelope.Recipients.Any(static recipient => !recipient.IsAscii),
        EightBitMime = prepared.EightBitMime,
        DsnReturn = message.Envelope.DsnReturn,
        EnvelopeId = message.Envelope.EnvelopeId,
        IdempotencyKey = prepared.IdempotencyKey,
        RequestHash = prepared.IdempotencyKey is null ? null : HashOf(message.Envelope, own.Span),
    };

    /// <summary>Over what the client sent: the envelope and its own octets, not the trace fields, which differ each time.</summary>
    private static string HashOf(Envelope envelope, ReadOnlySpan<byte> message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var recipient in envelope.Recipients)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(recipient.Address));
            hash.AppendData("\n"u8);
        }

        hash.AppendData(message);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static SmtpReply? Say(Refusal? refusal) => refusal is null ? null : new SmtpReply(RefusalReplies.For(refusal));

    /// <summary>RFC 4954 §6 knows 535 and 454 as answers to credentials; class and words stay.</summary>
    private static SmtpReply ReplyToAuth(Refusal refusal)
    {
        var reply = RefusalReplies.For(refusal);
        return reply.Code < 500 ? NotNow : new SmtpReply(535, reply.Enhanced?.ToString(), reply.Text);
    }

    private static SubmissionSession SessionOf(SessionFacts session) =>
        session.Account is SubmissionAccount account ? account.Session : throw new InvalidOperationException("A transaction began without authentication");
}
