using MailPace.Contracts;
using MailPace.Faults.Ledger;

namespace MailPace.Faults.Tests;

public sealed class LedgerCheckerTests
{
    [Fact]
    public void Check_AllAgree_HasNoViolation()
    {
        var verdict = LedgerChecker.Check(OneEmail.Accounts);

        Assert.Empty(verdict.Violations);
        Assert.Equal((1, 1, 0), (verdict.Acknowledged, verdict.Copies, verdict.Duplicates));
    }

    [Fact]
    public void Check_AcknowledgedAndInNoHistory_IsLost()
        => Has(ViolationKind.Lost, OneEmail.Accounts with { Recorded = [], Sink = [] });

    [Fact]
    public void Check_AcknowledgedDeliveredAndNotAtTheSink_IsLost()
        => Has([ViolationKind.Lost, ViolationKind.Disagreement], OneEmail.Accounts with { Sink = [] });

    [Fact]
    public void Check_AcknowledgedAndStillOpen_IsLostAndHasNoState()
        => Has([ViolationKind.Lost, ViolationKind.State], OneEmail.With(
            OneEmail.AtSink with { Copies = [], Answered = 0 }, OneEmail.Delivered with { State = RecipientState.Deferred, FinalOutcomes = [] }));

    [Fact]
    public void Check_AcknowledgedUnderAnotherId_Disagrees()
        => Has(ViolationKind.Disagreement, OneEmail.Accounts with { Submitted = [OneEmail.Submitted with { AcknowledgedIds = [8] }] });

    [Fact]
    public void Check_NotAcknowledgedAndNowhere_HasNoViolation()
        => HasNone(new Accounts { Submitted = [OneEmail.Submitted with { AcknowledgedIds = [] }], Sink = [], Recorded = [] });

    [Fact]
    public void Check_NotAcknowledgedAndDelivered_HasNoViolation()
        => HasNone(OneEmail.Accounts with { Submitted = [OneEmail.Submitted with { AcknowledgedIds = [] }] });

    [Fact]
    public void Check_NotAcknowledgedAndTwice_IsDoubled()
        => Has(ViolationKind.Doubled, OneEmail.Accounts with
        {
            Submitted = [OneEmail.Submitted with { AcknowledgedIds = [] }],
            Recorded = [OneEmail.Recorded, OneEmail.Recorded with { Id = 8 }],
        });

    [Fact]
    public void Check_OneKeyTwoEmails_IsDoubled()
        => Has([ViolationKind.Doubled, ViolationKind.Disagreement], OneEmail.Accounts with { Submitted = [OneEmail.Submitted with { IdempotencyKey = "key", AcknowledgedIds = [7, 8] }] });

    [Fact]
    public void Check_OneKeyAcknowledgedTwiceAsTheSame_HasNoViolation()
        => HasNone(OneEmail.Accounts with { Submitted = [OneEmail.Submitted with { IdempotencyKey = "key", AcknowledgedIds = [7, 7] }] });

    [Fact]
    public void Check_EmailThatNobodyHandedIn_Disagrees()
        => Has(ViolationKind.Disagreement, OneEmail.Accounts with { Submitted = [] });

    [Fact]
    public void Check_RecipientMissingInHistory_Disagrees()
        => Has([ViolationKind.Lost, ViolationKind.Disagreement], OneEmail.Accounts with { Submitted = [OneEmail.Submitted with { Recipients = [OneEmail.Recipient, "other@d1.example"] }] });

    [Fact]
    public void Check_CopyThatHistoryDoesNotKnow_Disagrees()
        => Has(ViolationKind.Disagreement, OneEmail.Accounts with { Sink = [OneEmail.AtSink, OneEmail.AtSink with { Recipient = "other@d1.example" }] });

    [Fact]
    public void Check_SecondCopyWithoutUncertainAttempt_IsUnexplained()
    {
        var verdict = LedgerChecker.Check(OneEmail.With(Copies(2), OneEmail.Delivered));

        Assert.Equal(ViolationKind.Unexplained, Assert.Single(verdict.Violations).Kind);
        Assert.Equal((1, 0), (verdict.Duplicates, verdict.Explained));
    }

    [Fact]
    public void Check_SecondCopyWithUncertainAttempt_IsExplained()
    {
        var verdict = LedgerChecker.Check(OneEmail.With(Copies(2), OneEmail.Delivered with { Uncertain = 1 }));

        Assert.Empty(verdict.Violations);
        Assert.Equal((1, 1, 1), (verdict.Duplicates, verdict.Explained, verdict.Uncertain));
    }

    [Fact]
    public void Check_ThirdCopyWithOneUncertainAttempt_IsUnexplained()
        => Has(ViolationKind.Unexplained, OneEmail.With(Copies(3), OneEmail.Delivered with { Uncertain = 1 }));

    [Fact]
    public void Check_UncertainAttemptWithoutSecondCopy_HasNoViolation()
        => HasNone(OneEmail.With(OneEmail.AtSink, OneEmail.Delivered with { Uncertain = 1 }));

    [Fact]
    public void Check_CopiesWithDifferentMessageIds_Disagree()
        => Has(ViolationKind.Disagreement, OneEmail.With(
            OneEmail.AtSink with { Copies = [OneEmail.MessageId, "<two@demo.example>"] }, OneEmail.Delivered with { Uncertain = 1 }));

    [Fact]
    public void Check_DeliveredAndFinalReplyNeverSent_Disagrees()
        => Has(ViolationKind.Disagreement, OneEmail.With(OneEmail.AtSink with { Answered = 0 }, OneEmail.Delivered));

    [Fact]
    public void Check_DeliveredAndBouncedAsWell_HasTwoStates()
        => Has(ViolationKind.State, OneEmail.With(OneEmail.AtSink, OneEmail.Delivered with { FinalOutcomes = [RecipientState.Bounced, RecipientState.Delivered] }));

    [Fact]
    public void Check_FinalStateWithoutOutcomeInTheTimeline_IsNoState()
        => Has(ViolationKind.State, OneEmail.With(OneEmail.AtSink, OneEmail.Delivered with { FinalOutcomes = [] }));

    [Fact]
    public void Check_BouncedAndRefusedBySink_HasNoViolation()
        => HasNone(OneEmail.With(OneEmail.AtSink with { Copies = [], Answered = 0, Refused = 1 }, OneEmail.Bounced));

    [Fact]
    public void Check_BouncedAndNotRefusedBySink_Disagrees()
        => Has(ViolationKind.Disagreement, OneEmail.With(OneEmail.AtSink with { Copies = [], Answered = 0 }, OneEmail.Bounced));

    [Fact]
    public void Check_BouncedAndStoredBySink_Disagrees()
        => Has(ViolationKind.Disagreement, OneEmail.With(OneEmail.AtSink with { Refused = 1 }, OneEmail.Bounced));

    [Fact]
    public void Check_ExpiredWithinTheRun_IsNoState()
        => Has(ViolationKind.State, OneEmail.With(OneEmail.AtSink, OneEmail.Delivered with { State = RecipientState.Expired, FinalOutcomes = [RecipientState.Expired] }));

    private static SinkRecipient Copies(int count) => OneEmail.AtSink with { Copies = [.. Enumerable.Repeat(OneEmail.MessageId, count)], Answered = count };

    private static void Has(ViolationKind kind, Accounts accounts) => Has([kind], accounts);

    private static void Has(ViolationKind[] kinds, Accounts accounts)
    {
        var violations = LedgerChecker.Check(accounts).Violations;
        Assert.Equal(kinds, violations.Select(static violation => violation.Kind));
        Assert.All(violations, static violation => Assert.Equal(OneEmail.Marker, violation.Marker));
    }

    private static void HasNone(Accounts accounts) => Assert.Empty(LedgerChecker.Check(accounts).Violations);
}
