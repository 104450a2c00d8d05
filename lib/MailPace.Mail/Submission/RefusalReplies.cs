using MailPace.Mail.Replies;

namespace MailPace.Mail.Submission;

/// <summary>The SMTP reply for each kind of refusal, with the API's words.</summary>
public static class RefusalReplies
{
    public static Reply For(Refusal refusal)
    {
        var text = refusal.Field is { } field ? $"{field} {refusal.Message}" : refusal.Message;
        return refusal.Kind switch
        {
            RefusalKind.MissingToken => new Reply(530, "5.7.0", text),
            RefusalKind.InvalidToken => new Reply(535, "5.7.8", text),
            RefusalKind.Forbidden => new Reply(550, "5.7.1", text),
            RefusalKind.Invalid => new Reply(550, "5.6.0", text),
            RefusalKind.Blocked => new Reply(550, "5.7.1", text),
            RefusalKind.TooManyRecipients => new Reply(452, "4.5.3", text),
            RefusalKind.TooLarge => new Reply(552, "5.3.4", text),
            RefusalKind.TooFast => new Reply(451, "4.7.1", text),
            RefusalKind.NotAcceptable => new Reply(550, "5.6.0", text),
            RefusalKind.Conflict => new Reply(550, "5.7.1", text),
            RefusalKind.NotDurable => new Reply(451, "4.3.0", text),
        };
    }
}
