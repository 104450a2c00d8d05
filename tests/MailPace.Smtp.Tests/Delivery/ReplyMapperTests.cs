using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Protocol;

namespace MailPace.Smtp.Tests.Delivery;

public sealed class ReplyMapperTests
{
    [Theory]
    [InlineData(SmtpStep.EndOfData, 250, RecipientState.Delivered)]
    [InlineData(SmtpStep.EndOfData, 451, RecipientState.Deferred)]
    [InlineData(SmtpStep.EndOfData, 554, RecipientState.Bounced)]
    [InlineData(SmtpStep.EndOfData, 552, RecipientState.Bounced)]
    [InlineData(SmtpStep.EndOfData, 0, RecipientState.Deferred)]
    [InlineData(SmtpStep.Data, 554, RecipientState.Bounced)]
    [InlineData(SmtpStep.Data, 503, RecipientState.Deferred)]
    [InlineData(SmtpStep.Recipient, 550, RecipientState.Bounced)]
    [InlineData(SmtpStep.Recipient, 450, RecipientState.Deferred)]
    [InlineData(SmtpStep.Recipient, 552, RecipientState.Deferred)]
    [InlineData(SmtpStep.Recipient, 503, RecipientState.Deferred)]
    [InlineData(SmtpStep.Mail, 552, RecipientState.Bounced)]
    [InlineData(SmtpStep.Mail, 530, RecipientState.Deferred)]
    [InlineData(SmtpStep.Mail, 550, RecipientState.Bounced)]
    [InlineData(SmtpStep.Greeting, 554, RecipientState.Deferred)]
    [InlineData(SmtpStep.Hello, 550, RecipientState.Deferred)]
    [InlineData(SmtpStep.StartTls, 554, RecipientState.Deferred)]
    [InlineData(SmtpStep.Reset, 500, RecipientState.Deferred)]
    [InlineData(SmtpStep.Connect, 0, RecipientState.Deferred)]
    public void Reply_AtItsStep_MeansThis(SmtpStep step, int code, RecipientState state)
        => Assert.Equal(state, ReplyMapper.StateOf(step, new RemoteReply(code, null, "")));
}
