using MailPace.Mail.Submission;
using Microsoft.AspNetCore.Http;

namespace MailPace.Send.Answers;

/// <summary>The HTTP status of each refusal; the words are in <see cref="RefusalWords"/>.</summary>
internal static class RefusalStatus
{
    public static int For(RefusalKind kind) => kind switch
    {
        RefusalKind.MissingToken => StatusCodes.Status401Unauthorized,

        // MailPace answers 400 to an unknown token, and clients tell it from 401.
        RefusalKind.InvalidToken => StatusCodes.Status400BadRequest,
        RefusalKind.DkimNotVerified or RefusalKind.NoActivePlan or RefusalKind.OrganisationSuspended
            or RefusalKind.FromDomainMismatch => StatusCodes.Status403Forbidden,
        RefusalKind.InvalidFormat => StatusCodes.Status406NotAcceptable,
        RefusalKind.FromNotParseable or RefusalKind.BodyNotJson or RefusalKind.RecipientMissing or RefusalKind.RecipientInvalid
            or RefusalKind.RecipientBlocked or RefusalKind.TooManyRecipients or RefusalKind.FieldInvalid or RefusalKind.BodyMissing
            or RefusalKind.AttachmentBlocked or RefusalKind.IdempotencyKeyTooLong
            or RefusalKind.MessageMalformed => StatusCodes.Status400BadRequest,
        RefusalKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        RefusalKind.TooFast => StatusCodes.Status429TooManyRequests,
        RefusalKind.IdempotencyInProgress or RefusalKind.IdempotencyMismatch => StatusCodes.Status409Conflict,
        RefusalKind.NotDurable => StatusCodes.Status503ServiceUnavailable,
    };
}
