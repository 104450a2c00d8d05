using System.Text.RegularExpressions;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Bounces;

/// <summary>Finds out from a report's words what of the conversation was answered.</summary>
internal static class ReplyStages
{
    private static readonly Regex Spaces = new(@"\s+", RegexOptions.NonBacktracking);

    private static readonly (string Words, ReplyStage Stage)[] Known =
    [
        ("in reply to rcpt to", ReplyStage.Recipient),
        ("in reply to end of data", ReplyStage.Message),
        ("in reply to data", ReplyStage.Message),
        ("in reply to mail from", ReplyStage.Sender),
        ("in reply to ehlo", ReplyStage.Session),
        ("in reply to helo", ReplyStage.Session),
        ("after rcpt to", ReplyStage.Recipient),
        ("after rcpt command", ReplyStage.Recipient),
        ("after end of data", ReplyStage.Message),
        ("after data", ReplyStage.Message),
        ("after mail from", ReplyStage.Sender),
        ("after mail command", ReplyStage.Sender),
        ("after initial connection", ReplyStage.Session),
        ("after pipelined data", ReplyStage.Message),
        ("after pipelined mail from", ReplyStage.Sender),
        ("after pipelined rcpt", ReplyStage.Recipient),
        ("like our rcpt to", ReplyStage.Recipient),
        ("like our final data", ReplyStage.Message),
        ("like our data", ReplyStage.Message),
        ("like our mail from", ReplyStage.Sender),
        ("[rcpt_to]", ReplyStage.Recipient),
        ("[mail_from]", ReplyStage.Sender),
        ("[data]", ReplyStage.Message),
        ("does not like recipient", ReplyStage.Recipient),
        ("but recipient was rejected", ReplyStage.Recipient),
        ("but sender was rejected", ReplyStage.Sender),
        ("but greeting failed", ReplyStage.Session),
        ("but my name was rejected", ReplyStage.Session),
        ("failed after i sent the message", ReplyStage.Message),
        ("failed on data command", ReplyStage.Message),
        ("(state 14)", ReplyStage.Recipient),
        ("(state 17)", ReplyStage.Message),
        ("(state 18)", ReplyStage.Message),
    ];

    public static ReplyStage In(string text)
    {
        text = Spaces.Replace(text, " ");
        foreach (var (words, stage) in Known)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return stage;
            }
        }

        return ReplyStage.Unknown;
    }

    /// <summary>Of a command in a transcript, such as <c>RCPT To:&lt;a@b&gt;</c>.</summary>
    public static ReplyStage OfCommand(string command)
        => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? ReplyStage.Recipient
            : command.StartsWith("DATA", StringComparison.OrdinalIgnoreCase) || command is "." ? ReplyStage.Message
            : command.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase) ? ReplyStage.Sender
            : ReplyStage.Unknown;
}
