using MailPace.Contracts;

namespace MailPace.Mail.Replies;

/// <summary>
/// Finds out whose fault a refusal is, why, and how long it lasts. The rules are data (<c>replies.rules</c>), the first that is
/// met decides; what no rule knows is nobody's fault: transient, or for 5xx final for this message, and it never suppresses.
/// </summary>
/// <remarks>
/// An address is given up (<see cref="FaultPermanence.Address"/>) only on evidence: a permanent refusal for a reason that lies in
/// the address, said by an enhanced status code about addresses or in reply to RCPT. "User unknown" after the whole message was
/// read is how some carriers say that the recipient's filter didn't like it.
/// </remarks>
public static class ReplyClassifier
{
    private static readonly IReadOnlyList<ReplyRule> Rules = ReplyRules.ReadEmbedded();

    public static DeliveryFault Classify(RemoteReply reply, ReplyStage stage) => Classify(reply.Code, reply.Enhanced, reply.Text, stage);

    /// <param name="code">0 where there is none: our own words, or those of a report.</param>
    /// <param name="enhanced">Absent or unreadable: looked for in the text.</param>
    /// <param name="text">Untrusted; the first 2,000 characters count.</param>
    /// <param name="stage">What was answered.</param>
    public static DeliveryFault Classify(int code, string? enhanced, string text, ReplyStage stage)
    {
        var normal = ReplyText.Normalise(text);
        var status = EnhancedStatusCode.TryParse(enhanced, out var given) || EnhancedStatusCode.TryFind(normal, code, out given) ? given : (EnhancedStatusCode?)null;

        // Subject 0 is "other or undefined": only its class says anything (RFC 3463 §3.1).
        var meaning = status is { Subject: 0 } ? null : status;
        foreach (var rule in Rules)
        {
            if (rule.IsMet(code, meaning, stage, normal) && IsPossible(rule.Reason, stage))
            {
                return new DeliveryFault(OwnerOf(rule.Reason), rule.Reason, PermanenceOf(rule, code, status, stage));
            }
        }

        return new DeliveryFault(FaultOwner.Unknown, FaultReason.Unknown, IsPermanent(code, status) ? FaultPermanence.Message : FaultPermanence.Transient);
    }

    public static FaultOwner OwnerOf(FaultReason reason) => reason switch
    {
        FaultReason.Unknown => FaultOwner.Unknown,
        FaultReason.UnknownRecipient or FaultReason.Moved or FaultReason.MailboxFull or FaultReason.Disabled => FaultOwner.Recipient,
        FaultReason.DomainNotFound or FaultReason.NoMailService or FaultReason.Dns or FaultReason.Connection or FaultReason.Tls
            or FaultReason.System or FaultReason.Routing or FaultReason.Expired or FaultReason.Protocol => FaultOwner.Infrastructure,
        FaultReason.Greylisted or FaultReason.Spam or FaultReason.Virus or FaultReason.Content or FaultReason.Size or FaultReason.Authentication
            or FaultReason.SenderRejected or FaultReason.RelayDenied or FaultReason.Rejected => FaultOwner.Policy,
        FaultReason.BlockList or FaultReason.Rate => FaultOwner.Reputation,
    };

    /// <summary>Before RCPT nobody has heard of the recipient.</summary>
    private static bool IsPossible(FaultReason reason, ReplyStage stage)
        => stage is not (ReplyStage.Session or ReplyStage.Sender) || OwnerOf(reason) != FaultOwner.Recipient;

    private static bool IsPermanent(int code, EnhancedStatusCode? status)
        => status is not { Class: 4 } && (code is >= 500 and <= 599 || (code == 0 && status is null or { Class: 5 }));

    private static FaultPermanence PermanenceOf(ReplyRule rule, int code, EnhancedStatusCode? status, ReplyStage stage)
    {
        if (!IsPermanent(code, status))
        {
            return FaultPermanence.Transient;
        }

        var isOfAddress = rule.Reason switch
        {
            FaultReason.Moved or FaultReason.DomainNotFound or FaultReason.NoMailService => true,
            FaultReason.UnknownRecipient => rule.IsCertain || stage == ReplyStage.Recipient || IsAboutAddress(status),
            _ => false,
        };
        return isOfAddress ? FaultPermanence.Address : FaultPermanence.Message;
    }

    /// <summary>5.1.x is (RFC 3463 §3.2); 5.5.0 and 5.4.1 are where Outlook.com and Exchange Online say it.</summary>
    private static bool IsAboutAddress(EnhancedStatusCode? status)
        => status is { Subject: 1 } or { Subject: 5, Detail: 0 } or { Subject: 4, Detail: 1 };
}
