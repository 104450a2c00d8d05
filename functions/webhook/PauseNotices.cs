using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailPace.Contracts;
using MailPace.Hosting.Secrets;
using MailPace.Mail.Addresses;
using MailPace.Mail.Composition;
using MailPace.Messaging.Intake;
using MailPace.Storage;
using MailPace.Storage.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPace.Webhook;

/// <summary>
/// Tells owners by email that an endpoint was paused because it failed. The email goes the way of all emails, from the domain of the token in the
/// secret <c>notice-token</c>; its idempotency key makes one of it, however many processes send it.
/// </summary>
internal sealed partial class PauseNotices(
    WebhookEndpoints endpoints, EmailIntake intake, MessageComposer composer, SecretFiles secrets, TimeProvider time, ILogger<PauseNotices> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ILogger logger = logger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var paused in await endpoints.ListToNotifyAsync(stoppingToken))
                {
                    await NotifyAsync(paused, stoppingToken);
                }
            }
            catch (Exception failure) when (PostgresFaults.IsTransient(failure) || failure is OperationCanceledException)
            {
                // PostgreSQL is away; the next look finds the same.
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task NotifyAsync(PausedEndpoint paused, CancellationToken cancellationToken)
    {
        if (paused.ContactAddress is null || secrets.FindText(SecretDefinitions.NoticeToken) is not { Length: > 0 } token)
        {
            LogNotNotified(paused.Id, paused.ContactAddress is null ? "its organisation names no contact" : "there is no secret notice-token");
            await endpoints.SetNotifiedAsync(paused.Id, cancellationToken);
            return;
        }

        if (!intake.TryAuthenticate(token, out var session, out var refusal))
        {
            LogNotNotified(paused.Id, refusal.Message);
            return; // it may be valid later
        }

        if (!EmailAddress.TryParse($"postmaster@{session.Domain.Name}", out var from)
            || !EmailAddress.TryParse(paused.ContactAddress, out var to)
            || !composer.TryCompose(Compose(paused, from, to), out var composed, out _))
        {
            LogNotNotified(paused.Id, "the contact is no address");
            await endpoints.SetNotifiedAsync(paused.Id, cancellationToken);
            return;
        }

        var key = string.Create(CultureInfo.InvariantCulture, $"webhook-paused-{paused.Id}-{paused.PausedAt.UtcTicks}");
        var result = await intake.AcceptAsync(
            new Submission
            {
                Session = session,
                Source = EmailSource.Api,
                HeaderFrom = from,
                Recipients = [new EnvelopeRecipient(to.Address, RecipientKind.To)],
                Message = composed.Message,
                MessageId = composed.MessageId,
                Subject = SubjectOf(paused),
                IdempotencyKey = key,
                RequestHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            },
            cancellationToken);
        if (result is IntakeResult.Accepted accepted)
        {
            await endpoints.SetNotifiedAsync(paused.Id, cancellationToken);
            LogNotified(paused.Id, accepted.Id);
        }
    }

    private static string SubjectOf(PausedEndpoint paused) => $"Webhook endpoint of {paused.Domain} paused";

    private static OutgoingEmail Compose(PausedEndpoint paused, EmailAddress from, EmailAddress to) => new()
    {
        From = new Mailbox("MailPace", from),
        To = [new Mailbox(null, to)],
        Subject = SubjectOf(paused),
        TextBody = $"""
            The webhook endpoint {paused.Url} of {paused.Domain} was paused: {paused.PausedReason}.

            No event is lost: they are kept, and posted when the endpoint is resumed.

                mailpace webhooks attempts {paused.Id}     shows what it answered
                mailpace webhooks resume {paused.Id}       posts what was kept

            """,
    };

    [LoggerMessage(EventIds.Notified, LogLevel.Information, "The owner of endpoint {EndpointId} is told that it's paused, by email {EmailId}")]
    private partial void LogNotified(long endpointId, long emailId);

    [LoggerMessage(EventIds.NotNotified, LogLevel.Warning, "The owner of paused endpoint {EndpointId} isn't told: {Reason}")]
    private partial void LogNotNotified(long endpointId, string reason);
}
