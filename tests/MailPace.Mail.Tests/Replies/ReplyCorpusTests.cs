using System.Globalization;
using MailPace.Contracts;
using MailPace.Mail.Replies;

namespace MailPace.Mail.Tests.Replies;

/// <summary>The classifier against third-party labels.</summary>
public sealed class ReplyCorpusTests(ITestOutputHelper output)
{
    private static readonly HashSet<string> RecipientFaults = ["userunknown", "hasmoved", "hostunknown", "mailboxfull", "suspend", "filtered"];

    [Fact]
    public void Classify_LabelledReplies_AgreesWithHardOrSoft()
    {
        var replies = LabelledReply.ReadAll();
        var wrong = replies.Where(reply => Classify(reply).IsHard != reply.IsHard).ToArray();
        foreach (var reply in replies)
        {
            var fault = Classify(reply);
            output.WriteLine($"{(fault.IsHard == reply.IsHard ? "ok   " : "WRONG")} {reply.SisimaiReason,-16} {fault.Reason,-16} {fault.Permanence,-9} {reply.Replycode} {reply.Status} {reply.Command} {reply.Line}");
        }

        Assert.True(wrong.Length <= replies.Count * 3 / 100, $"{wrong.Length} of {replies.Count} differ");
    }

    [Fact]
    public void Classify_LabelledReplies_SuppressesRecipientFaultsOnly()
        => Assert.All(
            LabelledReply.ReadAll().Where(reply => Classify(reply).MaySuppress),
            reply => Assert.True(reply.IsHard && RecipientFaults.Contains(reply.SisimaiReason), $"{reply.SisimaiReason}: {reply.Line}"));

    private static DeliveryFault Classify(LabelledReply reply)
        => ReplyClassifier.Classify(int.TryParse(reply.Replycode, CultureInfo.InvariantCulture, out var code) ? code : 0, reply.Status, reply.Line, reply.Stage);
}
