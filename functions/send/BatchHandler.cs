using System.Globalization;
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
/// <c>POST /api/v1/send/batch</c>: an array of emails as <c>/send</c> takes them, each answered for itself. All are handed in at once, so they
/// share a bundle and its sync. With an idempotency key each email has that key and its place, so a repeat gets the first answers and
/// hands in what was refused.
/// </summary>
internal sealed partial class BatchHandler(
    EmailIntake intake,
    EmailPreparation preparation,
    BodyBudget budget,
    IOptions<SendOptions> options,
    ILogger<BatchHandler> logger)
{
    /// <summary>Room for the place behind the key.</summary>
    private const int PlaceLength = 4;

    private readonly SendOptions _options = options.Value;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await SendAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
        }
        catch (Exception failure)
        {
            var status = (failure as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
            if (status == StatusCodes.Status500InternalServerError)
            {
                LogFailed(failure);
            }

            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.StatusCode = status;
        }
    }

    private async Task SendAsync(HttpContext context)
    {
        var key = ApiHeaders.ReadIdempotencyKey(context.Request.Headers);
        if (FindRefusal(context.Request, key, out var session) is { } refusal)
        {
            await Answer.RefusedAsync(context.Response, refusal);
            return;
        }

        var (read, fault) = await RequestBody.ReadAsync(context, _options.MaxEmailBytes, budget);
        using var body = read;
        if (body is null)
        {
            await Answer.RefusedAsync(context.Response, fault!);
            return;
        }

        if (BatchReader.Read(body.Bytes) is not { } emails)
        {
            await Answer.ErrorAsync(context.Response, StatusCodes.Status400BadRequest, "Request body is not a valid JSON array");
            return;
        }

        if (emails.Count == 0 || emails.Count > _options.MaxBatch)
        {
            await Answer.ErrorAsync(
                context.Response, StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"A batch holds 1 to {_options.MaxBatch} emails"));
            return;
        }

        var results = await Task.WhenAll(emails.Select((range, place) => AcceptAsync(session!, PlaceKey(key, place), body, range, context.RequestAborted).AsTask()));
        if (results.All(static result => result is IntakeResult.Refused { Refusal.Kind: RefusalKind.NotDurable }))
        {
            await Answer.RefusedAsync(context.Response, ((IntakeResult.Refused)results[0]).Refusal);
            return;
        }

        await Answer.BatchAsync(context.Response, results);
    }

    private Refusal? FindRefusal(HttpRequest request, string? key, out SubmissionSession? session)
    {
        session = null;
        if (!ApiHeaders.AreJson(request.Headers))
        {
            return Refusal.InvalidFormat;
        }

        if (!intake.TryIdentify(ApiHeaders.ReadToken(request.Headers), out session, out var refusal))
        {
            return refusal;
        }

        return (key is null ? EmailIntake.CheckStanding(session) : null)
            ?? (key?.Length > EmailIntake.MaxIdempotencyKey - PlaceLength ? Refusal.IdempotencyKeyTooLong : null);
    }

    private async ValueTask<IntakeResult> AcceptAsync(SubmissionSession session, string? key, RequestBody body, Range range, CancellationToken cancellationToken)
    {
        if (intake.CheckRate(session) is { } tooFast)
        {
            return new IntakeResult.Refused(tooFast);
        }

        var hash = key is null ? null : Convert.ToBase64String(SHA256.HashData(body.Bytes[range]));
        if (hash is not null && await intake.FindRepeatAsync(session, key!, hash, body.Bytes[range].Length, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        return preparation.TryPrepare(session, key, hash, body.Bytes[range], out var submission, out var refusal)
            ? await intake.AcceptAsync(submission, cancellationToken)
            : new IntakeResult.Refused(refusal);
    }

    private static string? PlaceKey(string? key, int place) => key is null ? null : string.Create(CultureInfo.InvariantCulture, $"{key}/{place}");

    [LoggerMessage(EventIds.BatchFailed, LogLevel.Error, "A batch failed for an unknown reason; it was answered with 500")]
    private partial void LogFailed(Exception failure);
}
