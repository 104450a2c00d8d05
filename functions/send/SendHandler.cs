using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using MailPace.Mail.Submission;
using MailPace.Messaging.Intake;
using MailPace.Send.Answers;
using MailPace.Send.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Send;

/// <summary>
/// <c>POST /api/v1/send</c>. What is cheap and tells strangers from customers comes first, so that nobody without a token
/// makes us read a body.
/// </summary>
internal sealed partial class SendHandler(
    EmailIntake intake,
    EmailPreparation preparation,
    BodyBudget budget,
    IOptions<SendOptions> options,
    ILogger<SendHandler> logger)
{
    private readonly int _maxBytes = options.Value.MaxEmailBytes;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var result = await SendAsync(context);
            await result.Match(
                accepted => Answer.AcceptedAsync(context.Response, accepted.Id),
                refused => RefuseAsync(context, refused.Refusal));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
        }
        catch (BadHttpRequestException failure)
        {
            // The body broke off, came too slowly, or was framed wrongly.
            Fail(context, failure.StatusCode);
        }
        catch (Exception failure)
        {
            LogFailed(failure);
            Fail(context, StatusCodes.Status500InternalServerError);
        }
    }

    private async ValueTask<IntakeResult> SendAsync(HttpContext context)
    {
        if (!TryAdmit(context.Request, out var session, out var key, out var refusal))
        {
            return new IntakeResult.Refused(refusal);
        }

        var (read, fault) = await RequestBody.ReadAsync(context, _maxBytes, budget);
        using var body = read;
        if (body is null)
        {
            return new IntakeResult.Refused(fault!);
        }

        var hash = key is null ? null : Convert.ToBase64String(SHA256.HashData(body.Bytes));
        if (hash is not null && await intake.FindRepeatAsync(session, key!, hash, body.Bytes.Length, context.RequestAborted) is { } repeat)
        {
            return repeat;
        }

        return preparation.TryPrepare(session, key, hash, body.Bytes, out var submission, out refusal)
            ? await intake.AcceptAsync(submission, context.RequestAborted)
            : new IntakeResult.Refused(refusal);
    }

    /// <summary>Everything that the header fields decide.</summary>
    private bool TryAdmit(
        HttpRequest request,
        [NotNullWhen(true)] out SubmissionSession? session,
        out string? key,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        session = null;
        key = ApiHeaders.ReadIdempotencyKey(request.Headers);
        if (!ApiHeaders.AreJson(request.Headers))
        {
            refusal = Refusal.InvalidFormat;
            return false;
        }

        if (!intake.TryIdentify(ApiHeaders.ReadToken(request.Headers), out session, out refusal))
        {
            return false;
        }

        // With a key, a repeat comes first: whether they may send decides only on a new email.
        refusal = (key is null ? EmailIntake.CheckStanding(session) : null)
            ?? intake.CheckRate(session)
            ?? (key?.Length > EmailIntake.MaxIdempotencyKey ? Refusal.IdempotencyKeyTooLong : null);
        return refusal is null;
    }

    private Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        LogRefused(refusal.Kind, refusal.Field);
        return Answer.RefusedAsync(context.Response, refusal);
    }

    private static void Fail(HttpContext context, int status)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
    }

    [LoggerMessage(EventIds.Refused, LogLevel.Debug, "Refused: {Kind} {Field}")]
    private partial void LogRefused(RefusalKind kind, string? field);

    [LoggerMessage(EventIds.Failed, LogLevel.Error, "A request failed for an unknown reason; it was answered with 500")]
    private partial void LogFailed(Exception failure);
}
