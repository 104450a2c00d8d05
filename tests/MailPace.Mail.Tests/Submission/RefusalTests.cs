using System.Reflection;
using MailPace.Mail.Submission;

namespace MailPace.Mail.Tests.Submission;

public sealed class RefusalTests
{
    [Fact]
    public void Refusal_WordsOfTheContract_Exactly()
    {
        Assert.Equal("Invalid API Token", Refusal.InvalidToken.Message);
        Assert.Equal("Missing API Token", Refusal.MissingToken.Message);
        Assert.Equal("Email from address not parseable", Refusal.FromNotParseable.Message);
        Assert.Equal(("to", "undefined field"), Of(Refusal.RecipientMissing("to")));
        Assert.Equal(("cc", "is invalid"), Of(Refusal.RecipientInvalid("cc")));
        Assert.Equal(("bcc", "contains a blocked address"), Of(Refusal.RecipientBlocked("bcc")));
        Assert.Equal(("to", "number of email addresses exceeds maximum volume"), Of(Refusal.TooManyRecipients("to")));
        Assert.Equal(("attachments.name", "Extension file type blocked, see Docs for full list of allowed file types"), Of(Refusal.AttachmentBlocked));
        Assert.Equal("Domain DKIM DNS not verified, please complete DKIM Verification", Refusal.DkimNotVerified.Message);
        Assert.Equal("The organization that owns this domain does not have an active plan", Refusal.NoActivePlan.Message);
        Assert.Equal("This organization is unable to send emails. Please contact support", Refusal.OrganisationSuspended.Message);
        Assert.Equal("Verified domain does not match domain in From address of email", Refusal.FromDomainMismatch.Message);
        Assert.Equal("Invalid request format or content type", Refusal.InvalidFormat.Message);
        Assert.Equal("You are sending emails too quickly", Refusal.TooFast(TimeSpan.FromSeconds(1)).Message);
        Assert.Equal("Email is too large, the maximum is 30 MB", Refusal.TooLarge(30 * 1024 * 1024).Message);
        Assert.Equal(("htmlbody", "can't be blank if textbody is blank"), Of(Refusal.BodyMissing));
        Assert.Equal(("idempotency_key", "is too long (maximum is 255 characters)"), Of(Refusal.IdempotencyKeyTooLong));
        Assert.Equal("A request with this Idempotency-Key is in progress", Refusal.IdempotencyInProgress.Message);
        Assert.Equal("Idempotency-Key was used with a different request", Refusal.IdempotencyMismatch.Message);
    }

    [Fact]
    public void RefusalReplies_EveryRefusal_HasAReply()
    {
        var all = typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (Refusal)field.GetValue(null)!)
            .Append(Refusal.RecipientMissing("to")).Append(Refusal.RecipientInvalid("to")).Append(Refusal.RecipientBlocked("to"))
            .Append(Refusal.TooManyRecipients("to")).Append(Refusal.FieldInvalid("replyto")).Append(Refusal.TooLarge(1 << 20))
            .Append(Refusal.TooFast(TimeSpan.FromSeconds(1))).Append(Refusal.NotDurable(TimeSpan.FromSeconds(1))).Append(Refusal.Of(MessageFault.Nul))
            .ToList();
        Assert.Equal(Enum.GetValues<RefusalKind>().Order(), all.Select(refusal => refusal.Kind).Distinct().Order());
        Assert.All(all, refusal => Assert.NotNull(RefusalReplies.For(refusal).Enhanced));
    }

    [Theory]
    [InlineData(535, "5.7.8")]
    public void RefusalReplies_InvalidToken_AsInRfc4954(int code, string enhanced)
    {
        var reply = RefusalReplies.For(Refusal.InvalidToken);
        Assert.Equal(code, reply.Code);
        Assert.Equal(enhanced, reply.Enhanced.ToString());
    }

    [Fact]
    public void RefusalReplies_NotDurable_Transient()
        => Assert.Equal("451 4.3.0 Email could not be stored, please try again", RefusalReplies.For(Refusal.NotDurable(TimeSpan.Zero)).ToString());

    private static (string?, string) Of(Refusal refusal) => (refusal.Field, refusal.Message);
}
