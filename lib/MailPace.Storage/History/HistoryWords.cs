using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>Enumerations as the history tables spell them: the members' names in lower case, which Dapper reads back.</summary>
internal static class HistoryWords
{
    public static string Of(RecipientState state) => state switch
    {
        RecipientState.Queued => "queued",
        RecipientState.Deferred => "deferred",
        RecipientState.Delivered => "delivered",
        RecipientState.Bounced => "bounced",
        RecipientState.Expired => "expired",
        RecipientState.Suppressed => "suppressed",
        RecipientState.Complained => "complained",
        RecipientState.Spam => "spam",
    };

    public static string Of(EmailEventKind kind) => kind switch
    {
        EmailEventKind.Attempted => "attempted",
        EmailEventKind.Uncertain => "uncertain",
        EmailEventKind.Redriven => "redriven",
        EmailEventKind.Reported => "reported",
    };

    public static string Of(FaultOwner owner) => owner.ToString().ToLowerInvariant();

    public static string Of(FaultReason reason) => reason.ToString().ToLowerInvariant();

    public static string Of(FaultPermanence permanence) => permanence.ToString().ToLowerInvariant();

    public static string Of(RecipientKind kind) => kind switch
    {
        RecipientKind.To => "to",
        RecipientKind.Cc => "cc",
        RecipientKind.Bcc => "bcc",
    };

    public static string Of(EmailSource source) => source switch
    {
        EmailSource.Api => "api",
        EmailSource.Smtp => "smtp",
    };
}
