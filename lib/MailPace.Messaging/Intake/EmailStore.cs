using System.Diagnostics;
using MailPace.Contracts;
using MailPace.Mail.Submission;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace MailPace.Messaging.Intake;

/// <summary>
/// Gives an email its id and puts it on disk. What is too large for a bundle is in the blob store before MAIL names it;
/// a crash between the two leaves a blob that nothing names, which goes with its day.
/// </summary>
internal sealed partial class EmailStore(
    MailPublisher publisher, EmailIds ids, BlobStore blobs, IntakeOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Why no email should be begun now; null when it may.</summary>
    public string? Fault => publisher.Fault;

    /// <summary>Begins an email whose message is stored while it comes.</summary>
    public async ValueTask<LargeEmail> BeginAsync(CancellationToken cancellationToken)
    {
        var id = await ids.NextAsync(cancellationToken);
        return new LargeEmail(id, blobs.Begin(BlobStore.KeyOf(time.GetUtcNow(), id)));
    }

    public async ValueTask<IntakeResult> StoreAsync(Submission submission, CancellationToken cancellationToken)
    {
        var email = await PrepareAsync(submission, cancellationToken);
        await publisher.PublishAsync(email, InlineOf(submission, email));
        return new IntakeResult.Accepted(email.Id, IsRepeat: false);
    }

    public async ValueTask<IntakeResult> StoreKeyedAsync(Submission submission, string key, CancellationToken cancellationToken)
    {
        var email = await PrepareAsync(submission, cancellationToken);
        var published = await publisher.PublishKeyedAsync(email, InlineOf(submission, email), key, cancellationToken);
        if (published is not KeyedPublish.Repeat repeat)
        {
            return new IntakeResult.Accepted(email.Id, IsRepeat: false);
        }

        await DeleteBlobAsync(email, cancellationToken);
        return AnswerTo(repeat);
    }

    /// <summary>What the key's first request decides; null when there was none.</summary>
    public async ValueTask<IntakeResult?> FindKeyedAsync(long tokenId, string key, string requestHash, int requestBytes, CancellationToken cancellationToken)
        => await publisher.FindKeyedAsync(tokenId, key, requestHash, requestBytes, cancellationToken) is { } repeat ? AnswerTo(repeat) : null;

    private IntakeResult AnswerTo(KeyedPublish.Repeat repeat) => repeat.IsSameRequest || options.IdempotencyIgnoresBody
        ? new IntakeResult.Accepted(repeat.EmailId, IsRepeat: true)
        : new IntakeResult.Refused(Refusal.IdempotencyMismatch);

    private static ReadOnlyMemory<byte> InlineOf(Submission submission, AcceptedEmail email)
        => email.BlobKey is null ? submission.Message : ReadOnlyMemory<byte>.Empty;

    private async ValueTask<AcceptedEmail> PrepareAsync(Submission submission, CancellationToken cancellationToken)
    {
        var id = submission.Stored?.EmailId ?? await ids.NextAsync(cancellationToken);
        var acceptedAt = time.GetUtcNow();
        var blobKey = submission.Stored?.BlobKey;
        if (submission.Message.Length > options.MaxInlineBytes)
        {
            blobKey = BlobStore.KeyOf(acceptedAt, id);
            await blobs.PutAsync(blobKey, submission.Message);
        }

        var session = submission.Session;
        return new AcceptedEmail
        {
            Id = id,
            OrganisationId = session.Organisation.Id,
            DomainId = session.Domain.Id,
            TokenId = session.Token.Id,
            Domain = session.Domain.Name,
            Source = submission.Source,
            AcceptedAt = acceptedAt,
            HeaderFrom = submission.HeaderFrom.Address,
            ReversePath = submission.ReversePath,
            Recipients = submission.Recipients,
            MessageId = submission.MessageId,
            Subject = submission.Subject,
            Tags = submission.Tags,
            SmtpUtf8 = submission.SmtpUtf8,
            EightBitMime = submission.EightBitMime,
            DsnReturn = submission.DsnReturn,
            EnvelopeId = submission.EnvelopeId,
            Size = submission.Size,
            BlobKey = blobKey,
            RequestHash = submission.IdempotencyKey is null ? null : submission.RequestHash,
            TraceParent = Activity.Current?.Id ?? submission.TraceParent,
        };
    }

    /// <summary>The repeat's own copy; the answer doesn't depend on it.</summary>
    private async ValueTask DeleteBlobAsync(AcceptedEmail email, CancellationToken cancellationToken)
    {
        if (email.BlobKey is null)
        {
            return;
        }

        try
        {
            await blobs.DeleteAsync(email.BlobKey, cancellationToken);
        }
        catch (NatsException failure)
        {
            LogBlobLeft(email.BlobKey, failure.Message);
        }
    }

    [LoggerMessage(IntakeEventIds.BlobLeft, LogLevel.Warning, "Blob {Key} is named by no email and could not be deleted: {Reason}")]
    private partial void LogBlobLeft(string key, string reason);
}
