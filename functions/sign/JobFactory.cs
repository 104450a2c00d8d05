using System.Diagnostics;
using MailPace.Contracts;
using MailPace.Mail.Retries;
using MailPace.Mail.ReturnPaths;
using MailPace.Mail.Submission;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Jobs;
using Microsoft.Extensions.Options;

namespace MailPace.Sign;

/// <summary>Makes the job of one recipient domain: facts, return-path, and the bytes without copying them.</summary>
internal sealed class JobFactory(DirectoryCache directory, ReturnPathIssuer returnPaths, IOptions<ReturnPathOptions> options, IOptions<RetryOptions> retries)
{
    /// <param name="email">The email.</param>
    /// <param name="plan">Which recipients.</param>
    /// <param name="attempt">Number of the attempt, from 1.</param>
    /// <param name="signature">Its DKIM-Signature fields.</param>
    /// <param name="body">The message; empty when it's in the blob store.</param>
    /// <param name="mayRepeat">The job may have been published before.</param>
    public JobPayload Create(AcceptedEmail email, PlannedJob plan, int attempt, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> body, bool mayRepeat)
    {
        var job = new DeliveryJob
        {
            EmailId = email.Id,
            JobNumber = plan.JobNumber,
            Attempt = attempt,
            OrganisationId = email.OrganisationId,
            DomainId = email.DomainId,
            AcceptedAt = email.AcceptedAt,
            ExpiresAt = email.AcceptedAt + retries.Value.Horizon,
            RecipientDomain = plan.RecipientDomain,
            Recipients = plan.Recipients,
            ReturnPath = returnPaths.Issue(email.Id, plan.JobNumber, HostOf(email)),
            MessageId = email.MessageId,
            SmtpUtf8 = email.SmtpUtf8,
            EightBitMime = email.EightBitMime,
            Size = signature.Length + email.Size,
            BlobKey = email.BlobKey,
            MayRepeat = mayRepeat,
            TraceParent = Activity.Current?.Id ?? email.TraceParent,
        };
        return new JobPayload(job, email.BlobKey is null ? [signature, body] : [signature]);
    }

    private string HostOf(AcceptedEmail email)
        => directory.FindDomain(email.DomainId) is { AdvancedVerified: true } domain ? $"mailer.{domain.Name}" : options.Value.Host;
}
