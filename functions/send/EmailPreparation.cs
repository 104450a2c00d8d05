using System.Diagnostics.CodeAnalysis;
using MailPace.Contracts;
using MailPace.Mail.Composition;
using MailPace.Mail.Headers;
using MailPace.Mail.Submission;
using MailPace.Messaging.Intake;
using MailPace.Send.Requests;
using Microsoft.Extensions.Options;

namespace MailPace.Send;

/// <summary>Makes a submission of one email's JSON, or says why not.</summary>
internal sealed class EmailPreparation(EmailIntake intake, MessageComposer composer, AttachmentRules attachmentRules, IOptions<SendOptions> options)
{
    private readonly int _maxBytes = options.Value.MaxEmailBytes;

    /// <summary>Everything that the body decides.</summary>
    public bool TryPrepare(
        SubmissionSession session,
        string? key,
        string? hash,
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out Submission? submission,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        submission = null;
        refusal = EmailIntake.CheckStanding(session);
        if (refusal is not null)
        {
            return false;
        }

        if (!SendRequestReader.TryRead(body, out var request, out refusal)
            || !AddressChecks.TryCheck(intake, session, request, out var addressed, out refusal)
            || !TryCheckContent(request, out refusal)
            || !composer.TryCompose(Outgoing(request, addressed), out var composed, out refusal)
            || !TryCheckSize(composed, out refusal))
        {
            return false;
        }

        var recipients = addressed.Envelope();
        submission = new Submission
        {
            Session = session,
            Source = EmailSource.Api,
            HeaderFrom = addressed.From.Address,
            Recipients = recipients,
            Message = composed.Message,
            MessageId = composed.MessageId,
            Subject = request.Subject is { } subject ? HeaderText.Shorten(subject) : null,
            Tags = request.Tags,
            SmtpUtf8 = composed.SmtpUtf8 || addressed.Bcc.Any(static mailbox => !mailbox.Address.IsAscii),
            IdempotencyKey = key,
            RequestHash = hash,
        };
        return true;
    }

    private bool TryCheckContent(SendRequest request, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = request is { HtmlBody: null, TextBody: null } ? Refusal.BodyMissing : attachmentRules.Check(request.Attachments);
        return refusal is null;
    }

    private bool TryCheckSize(ComposedMessage composed, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = composed.Message.Length > _maxBytes ? Refusal.TooLarge(_maxBytes) : null;
        return refusal is null;
    }

    private static OutgoingEmail Outgoing(SendRequest request, AddressedEmail addressed) => new()
    {
        From = addressed.From,
        To = addressed.To,
        Cc = addressed.Cc,
        ReplyTo = addressed.ReplyTo,
        Subject = request.Subject,
        HtmlBody = request.HtmlBody,
        TextBody = request.TextBody,
        InReplyTo = request.InReplyTo,
        References = request.References,
        ListUnsubscribe = request.ListUnsubscribe,
        Attachments = request.Attachments,
    };
}
