namespace MailPace.Mail.Bounces;

/// <summary>Tells automatic answers: absence notices, receipts, ticket numbers (RFC 3834). They mean that the email arrived.</summary>
internal static class AutoReplies
{
    private static readonly string[] Subjects =
    [
        "automatic reply", "auto reply", "auto-reply", "autoreply", "autoresponse", "auto response", "auto:", "out of office", "out of the office", "out-of-office", "away until",
        "away from", "on vacation", "vacation", "holiday", "abwesenheit", "abwesend", "automatische antwort", "réponse automatique", "reponse automatique", "absence du bureau",
        "risposta automatica", "respuesta automática", "respuesta automatica", "resposta automática", "automatisch antwoord", "afwezig", "自動応答", "自动答复", "автоответ", "автоматический ответ",
    ];

    public static bool Is(ReportParts parts)
    {
        // Exim calls its reports auto-replied.
        if (parts.Header("X-Failed-Recipients") is not null || (parts.Header("From") ?? "").Contains("mailer-daemon", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (parts.Header("Auto-Submitted") is { } submitted && (submitted.StartsWith("auto-replied", StringComparison.OrdinalIgnoreCase) || submitted.StartsWith("auto-notified", StringComparison.OrdinalIgnoreCase)))
        {
            return true;
        }

        if (parts.Header("X-Autoreply") is not null || parts.Header("X-Autorespond") is not null || parts.Header("X-Auto-Reply-From") is not null
            || parts.Header("Precedence") is "auto_reply" or "auto-reply" || parts.Header("X-Mailer") is "vacation")
        {
            return true;
        }

        var subject = parts.Message.Subject ?? "";
        return Array.Exists(Subjects, words => subject.Contains(words, StringComparison.OrdinalIgnoreCase));
    }
}
