using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using MailPace.Mail.Addresses;
using MailPace.Mail.Submission;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;

namespace MailPace.Messaging.Intake;

/// <summary>
/// The one way in, for HTTP and SMTP alike. Specification:
/// <list type="number">
/// <item><see cref="TryAuthenticate"/>, <see cref="CheckRate"/>, <see cref="CheckFrom"/> and the recipients' checks refuse with
/// the API's words; each costs a few dictionary reads, so they come before the work that they spare.</item>
/// <item><see cref="AcceptAsync"/> answers <see cref="IntakeResult.Accepted"/> only when the email is on disk.</item>
/// <item>Whatever keeps an email from the disk is a transient refusal, <see cref="RefusalKind.NotDurable"/>; it never says accepted
/// and never says that the email is wrong.</item>
/// </list>
/// </summary>
public sealed partial class EmailIntake : IDisposable
{
    /// <summary>Characters that an idempotency key may have.</summary>
    public const int MaxIdempotencyKey = 255;

    private readonly DirectoryCache _directory;
    private readonly IntakeOptions _options;
    private readonly SubmissionPolicy _policy;
    private readonly TokenRateLimiter _rates;
    private readonly KeysInFlight _keys = new();
    private readonly EmailStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<EmailIntake> _logger;

    public EmailIntake(
        DirectoryCache directory,
        MailPublisher publisher,
        EmailIds ids,
        BlobStore blobs,
        IOptions<IntakeOptions> options,
        TimeProvider time,
        ILogger<EmailIntake> logger)
    {
        _directory = directory;
        _options = options.Value;
        _policy = new SubmissionPolicy(directory, _options);
        _rates = new TokenRateLimiter(_options);
        _store = new EmailStore(publisher, ids, blobs, _options, time, logger);
        _time = time;
        _logger = logger;
    }

    /// <summary>The directory has been read: before that every email is refused as transient.</summary>
    public bool IsReady => _directory.IsReady;

    /// <summary>Finds whose token it is, and whether organisation and domain may send.</summary>
    /// <param name="token">The secret as the client sent it.</param>
    /// <param name="session">Who it is.</param>
    /// <param name="refusal">Why not.</param>
    public bool TryAuthenticate(
        string? token,
        [NotNullWhen(true)] out SubmissionSession? session,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        if (string.IsNullOrEmpty(token))
        {
            session = null;
            refusal = Refusal.MissingToken;
            return false;
        }

        return _policy.TryAuthenticate(TokenSecret.Hash(token), out session, out refusal);
    }

    /// <summary>Finds whose token it is; whether they may send is <see cref="CheckStanding"/>'s question.</summary>
    /// <param name="token">The secret as the client sent it.</param>
    /// <param name="session">Who it is.</param>
    /// <param name="refusal">Why it's nobody's.</param>
    public bool TryIdentify(
        string? token,
        [NotNullWhen(true)] out SubmissionSession? session,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        if (string.IsNullOrEmpty(token))
        {
            session = null;
            refusal = Refusal.MissingToken;
            return false;
        }

        return _policy.TryIdentify(TokenSecret.Hash(token), out session, out refusal);
    }

    /// <summary>Whether organisation and domain may send.</summary>
    public static Refusal? CheckStanding(SubmissionSession session) => SubmissionPolicy.CheckStanding(session);

    /// <summary>
    /// The answer that an idempotency key already decides; null when the key is free. It's asked for before all checks of the email: a
    /// repeat gets the first answer, whatever was suppressed or lost since.
    /// </summary>
    /// <param name="session">Whose key it is.</param>
    /// <param name="key">The client's idempotency key.</param>
    /// <param name="requestHash">As <see cref="Submission.RequestHash"/>.</param>
    /// <param name="requestBytes">Bytes of the request.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public async ValueTask<IntakeResult?> FindRepeatAsync(
        SubmissionSession session, string key, string requestHash, int requestBytes, CancellationToken cancellationToken)
    {
        if (!_policy.TryIdentify(session.SecretHash, out var known, out var refusal))
        {
            return new IntakeResult.Refused(refusal);
        }

        if (_keys.Holds(known.Token.Id, key))
        {
            return new IntakeResult.Refused(Refusal.IdempotencyInProgress);
        }

        try
        {
            return await _store.FindKeyedAsync(known.Token.Id, key, requestHash, requestBytes, cancellationToken);
        }
        catch (Exception failure) when (IsTransient(failure, cancellationToken))
        {
            LogNotDurable(known.Domain.Id, failure.Message);
            return new IntakeResult.Refused(Refusal.NotDurable(_options.RetryAfter));
        }
    }

    /// <summary>Whether an email that begins now could be made durable, as far as is known: nothing waits that would be refused after its wait.</summary>
    public Refusal? CheckDurable() => _store.Fault is null ? null : Refusal.NotDurable(_options.RetryAfter);

    /// <summary>Counts one email against the token's rate; call it once per email, before its body is read.</summary>
    public Refusal? CheckRate(SubmissionSession session)
        => _rates.TryTake(session.Token.Id, out var retryAfter) ? null : Refusal.TooFast(retryAfter);

    /// <summary>The header From has to be of the token's own domain, exactly.</summary>
    public static Refusal? CheckFrom(SubmissionSession session, EmailAddress from) => SubmissionPolicy.CheckFrom(session, from);

    /// <summary>Number and suppressions of one field's addresses.</summary>
    /// <param name="session">Who sends.</param>
    /// <param name="field"><c>to</c>, <c>cc</c> or <c>bcc</c>.</param>
    /// <param name="recipients">The field's addresses.</param>
    public Refusal? CheckRecipients(SubmissionSession session, string field, IReadOnlyList<Mailbox> recipients)
        => _policy.CheckRecipients(session, field, recipients);

    /// <summary>Suppression of a single recipient, as RCPT asks.</summary>
    public Refusal? CheckRecipient(SubmissionSession session, string field, EmailAddress recipient)
        => _policy.CheckRecipient(session, field, recipient);

    /// <summary>Messages above this many bytes are better stored while they come: <see cref="BeginLargeAsync"/>.</summary>
    public int MaxInlineBytes => _options.MaxInlineBytes;

    /// <summary>Begins an email whose message is stored while it comes. Nothing is accepted before <see cref="AcceptAsync"/>.</summary>
    public ValueTask<LargeEmail> BeginLargeAsync(CancellationToken cancellationToken) => _store.BeginAsync(cancellationToken);

    /// <summary>Makes it durable. Asks for the session's standing and the From once more; the other checks are the caller's.</summary>
    /// <param name="submission">The whole email.</param>
    /// <param name="cancellationToken">Ends the wait before the publish; never a publish under way.</param>
    public async ValueTask<IntakeResult> AcceptAsync(Submission submission, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var activity = IntakeMetrics.Activities.StartActivity("accept", ActivityKind.Producer, submission.TraceParent);
        var result = await DecideAsync(submission, cancellationToken);
        IntakeMetrics.Record(submission, result, _time.GetElapsedTime(started));
        if (result is IntakeResult.Accepted accepted)
        {
            activity?.SetTag("mailpace.email.id", accepted.Id);
            LogAccepted(accepted.Id, submission.Session.Domain.Id, submission.Recipients.Count, submission.Size, accepted.IsRepeat);
        }
        else
        {
            activity?.SetStatus(ActivityStatusCode.Error);
        }

        return result;
    }

    public void Dispose() => _rates.Dispose();

    private async ValueTask<IntakeResult> DecideAsync(Submission submission, CancellationToken cancellationToken)
    {
        if (!_policy.TryAuthenticate(submission.Session.SecretHash, out var session, out var refusal))
        {
            return new IntakeResult.Refused(refusal);
        }

        if (SubmissionPolicy.CheckFrom(session, submission.HeaderFrom) is { } mismatch)
        {
            return new IntakeResult.Refused(mismatch);
        }

        if (submission.IdempotencyKey is not { Length: > 0 } key)
        {
            return await StoreAsync(submission, null, cancellationToken);
        }

        if (key.Length > MaxIdempotencyKey)
        {
            return new IntakeResult.Refused(Refusal.IdempotencyKeyTooLong);
        }

        using var claim = _keys.TryClaim(session.Token.Id, key);
        return claim is null
            ? new IntakeResult.Refused(Refusal.IdempotencyInProgress)
            : await StoreAsync(submission, key, cancellationToken);
    }

    private async ValueTask<IntakeResult> StoreAsync(Submission submission, string? key, CancellationToken cancellationToken)
    {
        try
        {
            return key is null
                ? await _store.StoreAsync(submission, cancellationToken)
                : await _store.StoreKeyedAsync(submission, key, cancellationToken);
        }
        catch (Exception failure) when (IsTransient(failure, cancellationToken))
        {
            LogNotDurable(submission.Session.Domain.Id, failure.Message);
            return new IntakeResult.Refused(Refusal.NotDurable(_options.RetryAfter));
        }
    }

    private static bool IsTransient(Exception failure, CancellationToken cancellationToken)
        => failure is NotDurableException or NatsException or TimeoutException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    [LoggerMessage(IntakeEventIds.Accepted, LogLevel.Debug, "Email {EmailId} of domain {DomainId} accepted for {Recipients} recipients, {Size} bytes, repeat: {IsRepeat}")]
    private partial void LogAccepted(long emailId, long domainId, int recipients, int size, bool isRepeat);

    [LoggerMessage(IntakeEventIds.NotDurable, LogLevel.Warning, "An email of domain {DomainId} could not be made durable: {Reason}")]
    private partial void LogNotDurable(long domainId, string reason);
}
