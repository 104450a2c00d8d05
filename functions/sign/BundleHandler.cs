using System.Diagnostics;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Mail.Submission;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Sign;

/// <summary>
/// Turns a bundle of MAIL into jobs. Specification:
/// <list type="bullet">
/// <item>The bundle is acknowledged when JOBS has acknowledged every job of every email in it.</item>
/// <item>Emails are signed over all cores; a job is published as soon as its email is signed, the acknowledgements are awaited together.</item>
/// <item>An email that can't be signed now must not hold up its neighbours, nor make them come twice: it's parked as
/// redrive requests, which are tried again until its keys are there.</item>
/// <item>A bundle that comes again publishes the same ids, which the dedup window swallows. After the window it asks JOBS, and what
/// JOBS no longer holds is marked <see cref="DeliveryJob.MayRepeat"/>, so that <c>deliver</c> looks it up before it sends.</item>
/// <item>A bundle that can't be read goes to the dead letters, whole, after those of its emails that can be read have their jobs.</item>
/// </list>
/// </summary>
internal sealed partial class BundleHandler(
    EmailSigner signer, JobFactory jobs, JobPublisher publisher, JobInspector inspector, IOptions<SignOptions> options, ILogger<BundleHandler> log)
{
    private readonly ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.Value.EffectiveParallelism };

    public async ValueTask<JobOutcome> HandleAsync(int partition, ConsumedMessage message, CancellationToken cancellationToken)
    {
        BundleItem[] items;
        try
        {
            items = Bundle.Read(message.Data);
        }
        catch (BundleFormatException e)
        {
            return new JobOutcome.Discard(e.Message);
        }

        var started = Stopwatch.GetTimestamp();
        var publishing = new Task<string?>[items.Length];
        await Parallel.ForAsync(
            0,
            items.Length,
            parallel,
            async (index, _) => publishing[index] = await StartSafelyAsync(items[index], new Origin(partition, message), cancellationToken));

        // All of them, also when one failed: the bundle's memory is in use until the last has ended.
        var problems = await Task.WhenAll(publishing);
        SignMetrics.BundleDone(Stopwatch.GetElapsedTime(started));
        return problems.OfType<string>().FirstOrDefault() is { } problem ? new JobOutcome.Discard(problem) : JobOutcome.Done;
    }

    private async ValueTask<Task<string?>> StartSafelyAsync(BundleItem item, Origin origin, CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(item, origin, cancellationToken);
        }
        catch (Exception e)
        {
            return Task.FromException<string?>(e);
        }
    }

    /// <summary>Signs, and starts to publish; the task ends with the acknowledgements. Its result is what makes the email unreadable.</summary>
    private async ValueTask<Task<string?>> StartAsync(BundleItem item, Origin origin, CancellationToken cancellationToken)
    {
        if (Read(item) is not { } email)
        {
            LogUnreadable(item.EmailId, origin.Partition, origin.Message.Sequence);
            SignMetrics.Email("unreadable");
            return Task.FromResult<string?>($"The facts of email {item.EmailId} can't be read.");
        }

        using var activity = SignMetrics.Start("sign", email.TraceParent);
        var signature = await signer.SignAsync(email, item.Body, cancellationToken);
        var plan = DeliveryPlan.Of(email);
        if (signature.Problem is { } problem)
        {
            SignMetrics.Email("parked");
            return ParkAsync(email, plan, origin, problem);
        }

        SignMetrics.Email("signed");
        if (origin.Message.MayBeRepeat)
        {
            return RepublishAsync(email, plan, signature, item.Body, cancellationToken);
        }

        return plan.Count == 1
            ? PublishAsync(publisher.PublishAsync(jobs.Create(email, plan[0], 1, signature.Fields, item.Body, mayRepeat: false)))
            : PublishAsync(Task.WhenAll(plan.Select(part => publisher.PublishAsync(jobs.Create(email, part, 1, signature.Fields, item.Body, mayRepeat: false)))));
    }

    private static async Task<string?> PublishAsync(Task acknowledged)
    {
        await acknowledged;
        return null;
    }

    private async Task<string?> RepublishAsync(AcceptedEmail email, IReadOnlyList<PlannedJob> plan, Signature signature, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        foreach (var part in plan)
        {
            if (!await inspector.HoldsAnyAsync(email.Id, part.JobNumber, cancellationToken))
            {
                await publisher.PublishAsync(jobs.Create(email, part, 1, signature.Fields, body, mayRepeat: true));
            }
        }

        return null;
    }

    private async Task<string?> ParkAsync(AcceptedEmail email, IReadOnlyList<PlannedJob> plan, Origin origin, string problem)
    {
        LogParked(email.Id, problem);
        foreach (var part in plan)
        {
            await publisher.RequestRedriveAsync(new RedriveRequest
            {
                EmailId = email.Id,
                JobNumber = part.JobNumber,
                Attempt = 1,
                Ordinals = [.. part.Recipients.Select(recipient => recipient.Ordinal)],
                MailPartition = origin.Partition,
                MailSequence = origin.Message.Sequence,
                Reason = problem,
            });
        }

        return null;
    }

    private static AcceptedEmail? Read(BundleItem item)
    {
        try
        {
            return JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.AcceptedEmail);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(EventIds.EmailUnreadable, LogLevel.Critical, "The facts of email {EmailId} in MAIL-{Partition} at {Sequence} can't be read: its bundle goes to the dead letters")]
    private partial void LogUnreadable(long emailId, int partition, long sequence);

    [LoggerMessage(EventIds.Parked, LogLevel.Warning, "Email {EmailId} is parked: {Problem}")]
    private partial void LogParked(long emailId, string problem);

    private readonly record struct Origin(int Partition, ConsumedMessage Message);
}
