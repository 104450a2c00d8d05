using System.Diagnostics;
using MailPace.Contracts;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Tests.Replies;

/// <summary>Texts as providers send them, in reply to RCPT or after the message; none of them is in the labelled corpus.</summary>
public sealed class ReplyClassifierTests
{
    [Theory]
    // Gmail
    [InlineData(550, "5.1.1", "The email account that you tried to reach does not exist. Please try double-checking the recipient's email address", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(452, "4.2.2", "The recipient's inbox is out of storage space. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaTemp", ReplyStage.Recipient, FaultReason.MailboxFull, false)]
    [InlineData(552, "5.2.2", "The recipient's inbox is out of storage space and inactive. p=OverQuotaPerm", ReplyStage.Recipient, FaultReason.MailboxFull, false)]
    [InlineData(450, "4.2.1", "The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.", ReplyStage.Recipient, FaultReason.Rate, false)]
    [InlineData(421, "4.7.0", "Our system has detected that this message is suspicious due to the very low reputation of the sending IP address.", ReplyStage.Message, FaultReason.BlockList, false)]
    [InlineData(421, "4.7.28", "Our system has detected an unusual rate of unsolicited mail originating from your IP address.", ReplyStage.Message, FaultReason.Rate, false)]
    [InlineData(550, "5.7.1", "Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked.", ReplyStage.Message, FaultReason.Spam, false)]
    [InlineData(552, "5.7.0", "This message was blocked because its content presents a potential security issue.", ReplyStage.Message, FaultReason.Content, false)]
    [InlineData(550, "5.7.26", "This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.", ReplyStage.Message, FaultReason.Authentication, false)]
    [InlineData(552, "5.3.4", "Your message exceeded Google's message size limits.", ReplyStage.Message, FaultReason.Size, false)]
    // Microsoft
    [InlineData(550, "5.5.0", "Requested action not taken: mailbox unavailable (S2017062302).", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient gone@example.com not found by SMTP address lookup", ReplyStage.Message, FaultReason.UnknownRecipient, true)]
    [InlineData(550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281) [DB5EUR01FT012.eop-EUR01.prod.protection.outlook.com]", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(550, "5.7.1", "Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).", ReplyStage.Sender, FaultReason.BlockList, false)]
    [InlineData(550, "5.7.606", "Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit https://sender.office.com/", ReplyStage.Recipient, FaultReason.BlockList, false)]
    [InlineData(451, "4.7.650", "The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.", ReplyStage.Sender, FaultReason.Rate, false)]
    [InlineData(554, "5.2.2", "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded", ReplyStage.Message, FaultReason.MailboxFull, false)]
    [InlineData(550, "5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP.", ReplyStage.Recipient, FaultReason.BlockList, false)]
    [InlineData(550, "5.7.515", "Access denied, sending domain example.com doesn't meet the required authentication level.", ReplyStage.Message, FaultReason.Authentication, false)]
    [InlineData(451, "4.7.500", "Server busy. Please try again later from [192.0.2.1]. (S77719)", ReplyStage.Recipient, FaultReason.System, false)]
    // Yahoo, AOL
    [InlineData(552, null, "1 Requested mail action aborted, mailbox not found", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(554, null, "delivery error: dd This user doesn't have a yahoo.com account (gone@yahoo.com) [0] - mta1003.mail.bf1.yahoo.com", ReplyStage.Message, FaultReason.UnknownRecipient, true)]
    [InlineData(554, null, "delivery error: dd This mailbox is disabled (554.30). - mta4110.mail.gq1.yahoo.com", ReplyStage.Message, FaultReason.Disabled, false)]
    [InlineData(421, "4.7.0", "[TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints - 4.16.55.1", ReplyStage.Sender, FaultReason.BlockList, false)]
    [InlineData(553, "5.7.1", "[BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list", ReplyStage.Session, FaultReason.BlockList, false)]
    // Apple, Proofpoint, Mimecast, Barracuda
    [InlineData(550, "5.1.1", "unknown or illegal alias: gone@icloud.com", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(550, "5.7.1", "Your message was rejected due to example.com's DMARC policy. [HM08]", ReplyStage.Message, FaultReason.Authentication, false)]
    [InlineData(552, "5.2.2", "user is over quota", ReplyStage.Recipient, FaultReason.MailboxFull, false)]
    [InlineData(554, null, "Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", ReplyStage.Session, FaultReason.BlockList, false)]
    [InlineData(550, "5.7.1", "Message rejected due to content restrictions", ReplyStage.Message, FaultReason.Spam, false)]
    [InlineData(550, null, "Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [abc]", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(550, null, "Administrative prohibition - envelope blocked - https://community.mimecast.com/docs/DOC-1369#550", ReplyStage.Recipient, FaultReason.Rejected, false)]
    [InlineData(451, null, "Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451", ReplyStage.Recipient, FaultReason.System, false)]
    [InlineData(550, null, "permanent failure for one or more recipients (gone@example.com:550 5.1.1 User Unknown)", ReplyStage.Message, FaultReason.UnknownRecipient, true)]
    // Postfix, Exim, Sendmail, qmail, Courier, OpenSMTPD, Exchange on premises
    [InlineData(450, "4.2.0", "<a@example.com>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html", ReplyStage.Recipient, FaultReason.Greylisted, false)]
    [InlineData(450, "4.1.1", "<a@example.com>: Recipient address rejected: unverified address: connect to mx[192.0.2.3]:25: Connection refused", ReplyStage.Recipient, FaultReason.Connection, false)]
    [InlineData(450, "4.1.8", "<a@example.org>: Sender address rejected: Domain not found", ReplyStage.Sender, FaultReason.SenderRejected, false)]
    [InlineData(504, "5.5.2", "<mail>: Helo command rejected: need fully-qualified hostname", ReplyStage.Recipient, FaultReason.Authentication, false)]
    [InlineData(554, "5.7.1", "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1", ReplyStage.Recipient, FaultReason.BlockList, false)]
    [InlineData(550, null, "Unrouteable address", ReplyStage.Recipient, FaultReason.DomainNotFound, true)]
    [InlineData(550, null, "relay not permitted", ReplyStage.Recipient, FaultReason.RelayDenied, false)]
    [InlineData(550, "5.7.1", "Unable to relay for a@example.com", ReplyStage.Recipient, FaultReason.RelayDenied, false)]
    [InlineData(553, null, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", ReplyStage.Recipient, FaultReason.RelayDenied, false)]
    [InlineData(550, null, "sorry, no mailbox here by that name. (#5.7.17)", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(552, "5.3.4", "Message size exceeds file system imposed limit", ReplyStage.Sender, FaultReason.Size, false)]
    [InlineData(452, "4.3.1", "Insufficient system storage", ReplyStage.Sender, FaultReason.System, false)]
    [InlineData(503, "5.5.1", "Bad sequence of commands", ReplyStage.Message, FaultReason.Protocol, false)]
    [InlineData(530, "5.7.0", "Must issue a STARTTLS command first", ReplyStage.Sender, FaultReason.Tls, false)]
    [InlineData(530, "5.7.1", "Client was not authenticated", ReplyStage.Sender, FaultReason.Authentication, false)]
    // GMX, web.de, T-Online, QQ, Yandex, Mail.ru, Comcast, Orange, Free, laposte, KDDI, DoCoMo, SoftBank
    [InlineData(550, null, "Requested action not taken: mailbox unavailable For explanation visit https://www.gmx.net/mail/senderguidelines?c=mu", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(554, null, "Transaction failed Reject due to policy restrictions. For explanation visit https://postmaster.gmx.net/en/error-messages", ReplyStage.Message, FaultReason.Rejected, false)]
    [InlineData(552, null, "Requested mail action aborted: exceeded storage allocation Quota exceeded. The recipient mailbox is full.", ReplyStage.Message, FaultReason.MailboxFull, false)]
    [InlineData(550, null, "Mailbox unavailable or access denied [MXin501]", ReplyStage.Recipient, FaultReason.Disabled, false)]
    [InlineData(550, null, "Mailbox not found. https://service.mail.qq.com/detail/122/168", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(550, null, "Ip frequency limited [MXClKXBl]. http://service.mail.qq.com/cgi-bin/help?id=20022", ReplyStage.Recipient, FaultReason.Rate, false)]
    [InlineData(550, "5.7.1", "No such user!", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(550, null, "Message was not accepted -- invalid mailbox. Local mailbox gone@mail.ru is unavailable: user not found", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(550, null, "spam message rejected. Please visit http://help.mail.ru/notspam-support/id?c=abc", ReplyStage.Message, FaultReason.Spam, false)]
    [InlineData(550, "5.1.1", "Not our Customer", ReplyStage.Recipient, FaultReason.Moved, true)]
    [InlineData(554, null, "resimta-h1p-037589.sys.comcast.net comcast 192.0.2.1 found on one or more DNSBLs, see http://postmaster.comcast.net/smtp-error-codes.php#BL000010", ReplyStage.Session, FaultReason.BlockList, false)]
    [InlineData(550, "5.1.1", "Adresse d au moins un destinataire invalide. Invalid recipient. OFR204_416 [416]", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    [InlineData(421, null, "Trop de messages depuis votre IP. Too many messages from your IP (spam)", ReplyStage.Session, FaultReason.Rate, false)]
    [InlineData(550, null, "Unknown user a@docomo.ne.jp", ReplyStage.Message, FaultReason.UnknownRecipient, false)]
    [InlineData(550, null, ": User unknown", ReplyStage.Message, FaultReason.UnknownRecipient, false)]
    [InlineData(550, null, "Invalid recipient: <a@i.softbank.jp>", ReplyStage.Recipient, FaultReason.UnknownRecipient, true)]
    // Nobody knows
    [InlineData(550, null, "Zwölf Boxkämpfer", ReplyStage.Recipient, FaultReason.Unknown, false)]
    [InlineData(451, null, "", ReplyStage.Recipient, FaultReason.Unknown, false)]
    public void Classify_ProvidersText_IsUnderstood(int code, string? enhanced, string text, ReplyStage stage, FaultReason reason, bool mayGiveUp)
    {
        var fault = ReplyClassifier.Classify(code, enhanced, text, stage);

        Assert.Equal((reason, mayGiveUp), (fault.Reason, fault.IsHard));
        Assert.Equal(code < 500, fault.Permanence == FaultPermanence.Transient);
    }

    [Theory]
    [InlineData("<user-unknown@example.com>: something new")]
    [InlineData("mailbox.unavailable@no-such-user.example is quite all right")]
    public void Classify_WordsWithinAnAddress_MeanNothing(string text)
        => Assert.NotEqual(FaultOwner.Recipient, ReplyClassifier.Classify(550, null, text, ReplyStage.Recipient).Owner);

    [Theory]
    [InlineData(450, "4.1.1", "User unknown")]
    [InlineData(550, "5.7.1", "user unknown; blocked by spamhaus")]
    [InlineData(550, "5.1.1", "has sent to too many recipients this hour")]
    [InlineData(552, "5.2.2", "mailbox full")]
    [InlineData(550, "5.2.1", "The email account that you tried to reach is disabled")]
    public void Classify_WhatMayPass_NeverSuppresses(int code, string enhanced, string text)
        => Assert.False(ReplyClassifier.Classify(code, enhanced, text, ReplyStage.Recipient).MaySuppress);

    [Theory]
    [InlineData(ReplyStage.Session)]
    [InlineData(ReplyStage.Sender)]
    public void Classify_BeforeRcpt_IsNeverTheRecipientsFault(ReplyStage stage)
        => Assert.NotEqual(FaultOwner.Recipient, ReplyClassifier.Classify(550, "5.1.1", "user unknown", stage).Owner);

    [Fact]
    public void Classify_NoCodeAndNoText_IsNobodysFault()
        => Assert.Equal(new DeliveryFault(FaultOwner.Unknown, FaultReason.Unknown, FaultPermanence.Message), ReplyClassifier.Classify(550, null, "", ReplyStage.Unknown));

    /// <summary>Repeated beginnings of phrases, for search that goes back.</summary>
    [Theory]
    [InlineData("user ")]
    [InlineData("exceeded exceeds ")]
    [InlineData("recipient <@> messages from ")]
    [InlineData("@@@@@@@@")]
    [InlineData("5.5.5.5.")]
    public void Classify_HostileText_TakesNoTime(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        ReplyClassifier.Classify(550, null, "warm", ReplyStage.Recipient);

        var started = Stopwatch.GetTimestamp();
        ReplyClassifier.Classify(550, null, text, ReplyStage.Recipient);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromMilliseconds(250));
    }
}
