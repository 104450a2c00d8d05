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
internal sealed class SubmissionIntake(EmailIntake intake, SmtpEdgeOptions options, TimeProvider time) : ISubmissionIntake, ILargeMessageIntake
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
        new(Say(intake.CheckDurable() ?? intake.CheckRate(SessionOf(session))));

    public ValueTask<SmtpReply?> CheckRecipientAsync(SessionFacts session, Envelope envelope, EmailAddress recipient, CancellationToken cancellationToken) =>
        new(Say(intake.CheckRecipient(SessionOf(session), "to", recipient)));

    public int MaxInMemory => intake.MaxInlineBytes;

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

        var submission = Compose(message, prepared) with { RequestHash = prepared.IdempotencyKey is null ? null : HashOf(message.Envelope, own.Span) };
        return ReplyTo(await FindRepeatAsync(intake, submission, cancellationToken).ConfigureAwait(false)
            ?? await intake.AcceptAsync(submission, cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<LargeMessageStart> BeginAsync(ReceivedMessage head, CancellationToken cancellationToken)
    {
        var header = head.Content[..HeaderReader.LengthOf(head.Content.Span)];
        if (!SubmittedMessage.TryPrepare(header, BodyKnowledge.CheckedSevenBit, _stamps, out var prepared, out var fault))
        {
            return LargeMessageStart.Refused(new SmtpReply(RefusalReplies.For(Refusal.Of(fault))));
        }

        if (EmailIntake.CheckFrom(SessionOf(head.Session), prepared.HeaderFrom) is { } refusal)
        {
            return LargeMessageStart.Refused(new SmtpReply(RefusalReplies.For(refusal)));
        }

        var hash = prepared.IdempotencyKey is null ? null : BeginHash(head.Envelope);
        var message = new LargeSubmission(intake, await intake.BeginLargeAsync(cancellationToken).ConfigureAwait(false), Compose(head, prepared) with { Message = default }, hash);
        try
        {
            await message.BeginAsync(prepared.Message, head.Content[head.MessageOffset..header.Length], head.Content[header.Length..]).ConfigureAwait(false);
            return LargeMessageStart.Begun(message);
        }
        catch
        {
            await message.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static SmtpReply ReplyTo(IntakeResult result) => result.Match(
        accepted => new SmtpReply(250, "2.0.0", string.Create(CultureInfo.InvariantCulture, $"OK: queued as {accepted.Id}")),
        refused => new SmtpReply(RefusalReplies.For(refused.Refusal)));

    /// <summary>The answer that the submission's idempotency key already decides.</summary>
    internal static ValueTask<IntakeResult?> FindRepeatAsync(EmailIntake intake, Submission submission, CancellationToken cancellationToken) =>
        submission is { IdempotencyKey: { Length: <= EmailIntake.MaxIdempotencyKey } key, RequestHash: { } hash }
            ? intake.FindRepeatAsync(submission.Session, key, hash, submission.Message.Length, cancellationToken)
            : default;

    private static Submission Compose(ReceivedMessage message, PreparedMessage prepared) => new()
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
    };

    /// <summary>Over what the client sent: the envelope and its own octets, not the trace fields, which differ each time.</summary>
    private static string HashOf(Envelope envelope, ReadOnlySpan<byte> message)
    {
        using var hash = BeginHash(envelope);
        hash.AppendData(message);
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static IncrementalHash BeginHash(Envelope envelope)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var recipient in envelope.Recipients)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(recipient.Address));
            hash.AppendData("\n"u8);
        }

        return hash;
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
