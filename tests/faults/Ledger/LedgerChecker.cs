using MailPace.Contracts;

namespace MailPace.Faults.Ledger;

/// <summary>
/// Compares what clients were told, what the remote stored and what history says. Specification:
/// <list type="bullet">
/// <item>An acknowledged email is in history, once, under the id of its acknowledgement.</item>
/// <item>An email that wasn't acknowledged may be there or not, but not twice: it was handed in once, or under one idempotency key.</item>
/// <item>History holds no email that nobody handed in, and each with the recipients it was handed in with.</item>
/// <item>Every recipient ends in one final state: <c>delivered</c>, and then the remote has a copy and has answered for it; or
/// <c>bounced</c>, and then the remote has refused it for good and has no copy.</item>
/// <item>A recipient has at most one copy more than attempts recorded as uncertain, all with the Message-ID of history.</item>
/// <item>Whatever the remote has, history knows.</item>
/// </list>
/// </summary>
internal sealed class LedgerChecker
{
    private static readonly SinkRecipient Nothing = new() { Marker = "", Recipient = "" };

    private readonly Accounts _accounts;
    private readonly Dictionary<(string Marker, string Recipient), SinkRecipient> _sink;
    private readonly ILookup<string, RecordedEmail> _recorded;
    private readonly Dictionary<string, SubmittedEmail> _submitted;
    private readonly List<Violation> _violations = [];

    private LedgerChecker(Accounts accounts)
    {
        _accounts = accounts;
        _sink = accounts.Sink.ToDictionary(copy => (copy.Marker, copy.Recipient));
        _recorded = accounts.Recorded.ToLookup(email => email.Marker);
        _submitted = accounts.Submitted.ToDictionary(email => email.Marker);
    }

    public static Verdict Check(Accounts accounts) => new LedgerChecker(accounts).Check();

    private Verdict Check()
    {
        foreach (var submitted in _accounts.Submitted)
        {
            CheckSubmitted(submitted, [.. _recorded[submitted.Marker]]);
        }

        foreach (var recorded in _accounts.Recorded)
        {
            CheckRecorded(recorded);
        }

        foreach (var (marker, recipient) in _sink.Where(static copy => copy.Value.Copies.Count > 0).Select(static copy => copy.Key))
        {
            if (!_recorded[marker].Any(email => email.Recipients.Any(known => known.Address == recipient)))
            {
                Report(ViolationKind.Disagreement, marker, $"the sink has it for {recipient}, history doesn't know of it");
            }
        }

        var recipients = _accounts.Recorded.SelectMany(static email => email.Recipients).ToArray();
        var unexplained = UnexplainedCopies();
        var duplicates = _accounts.Sink.Sum(static copy => Math.Max(0, copy.Copies.Count - 1));
        return new Verdict
        {
            Acknowledged = _accounts.Submitted.Count(static email => email.IsAcknowledged),
            Copies = _accounts.Sink.Sum(static copy => copy.Copies.Count),
            Duplicates = duplicates,
            Explained = duplicates - unexplained,
            Uncertain = recipients.Sum(static recipient => recipient.Uncertain),
            Redriven = recipients.Sum(static recipient => recipient.Redriven),
            Violations = _violations,
        };
    }

    private void CheckSubmitted(SubmittedEmail submitted, RecordedEmail[] recorded)
    {
        if (submitted.AcknowledgedIds.Distinct().Count() > 1)
        {
            Report(ViolationKind.Doubled, submitted.Marker, $"one idempotency key was acknowledged as emails {string.Join(", ", submitted.AcknowledgedIds.Distinct())}");
        }

        if (recorded.Length > 1)
        {
            Report(ViolationKind.Doubled, submitted.Marker, $"handed in once, and history has emails {string.Join(", ", recorded.Select(static email => email.Id))}");
        }

        if (!submitted.IsAcknowledged)
        {
            return;
        }

        if (recorded.Length == 0)
        {
            Report(ViolationKind.Lost, submitted.Marker, $"acknowledged as {submitted.AcknowledgedIds[0]}, and history has no such email");
            return;
        }

        foreach (var id in submitted.AcknowledgedIds.Distinct().Where(id => recorded.All(email => email.Id != id)))
        {
            Report(ViolationKind.Disagreement, submitted.Marker, $"acknowledged as {id}, and history has it as {recorded[0].Id}");
        }

        foreach (var recipient in submitted.Recipients.Where(recipient => !HasEnded(submitted.Marker, recipient, recorded)))
        {
            Report(ViolationKind.Lost, submitted.Marker, $"acknowledged, never arrived at {recipient}, and no final state explains it");
        }
    }

    private bool HasEnded(string marker, string recipient, RecordedEmail[] recorded)
        => SinkOf(marker, recipient).Copies.Count > 0
            || recorded.SelectMany(static email => email.Recipients).Any(known => known.Address == recipient && known.State == RecipientState.Bounced);

    private void CheckRecorded(RecordedEmail email)
    {
        if (!_submitted.TryGetValue(email.Marker, out var submitted))
        {
            Report(ViolationKind.Disagreement, email.Marker, $"history has email {email.Id}, which nobody handed in");
            return;
        }

        if (!email.Recipients.Select(static recipient => recipient.Address).Order().SequenceEqual(submitted.Recipients.Order()))
        {
            Report(ViolationKind.Disagreement, email.Marker, $"handed in for {string.Join(", ", submitted.Recipients)}, recorded for {string.Join(", ", email.Recipients.Select(static recipient => recipient.Address))}");
        }

        foreach (var recipient in email.Recipients)
        {
            CheckState(email, recipient, SinkOf(email.Marker, recipient.Address));
            CheckCopies(email, recipient, SinkOf(email.Marker, recipient.Address));
        }
    }

    private void CheckState(RecordedEmail email, RecordedRecipient recipient, SinkRecipient sink)
    {
        if (recipient.IsOpen)
        {
            Report(ViolationKind.State, email.Marker, $"{recipient.Address} of email {email.Id} is still {recipient.State}");
            return;
        }

        if (recipient.FinalOutcomes.Any(outcome => outcome != recipient.State) || recipient.FinalOutcomes.Count == 0)
        {
            Report(ViolationKind.State, email.Marker, $"{recipient.Address} of email {email.Id} is {recipient.State}, and its timeline ends in {string.Join(", ", recipient.FinalOutcomes)}");
        }

        switch (recipient.State)
        {
            case RecipientState.Delivered:
                CheckDelivered(email, recipient, sink);
                break;
            case RecipientState.Bounced:
                CheckBounced(email, recipient, sink);
                break;
            default:
                Report(ViolationKind.State, email.Marker, $"{recipient.Address} of email {email.Id} is {recipient.State}, which nothing here leads to");
                break;
        }
    }

    private void CheckDelivered(RecordedEmail email, RecordedRecipient recipient, SinkRecipient sink)
    {
        var delivered = recipient.FinalOutcomes.Count(static outcome => outcome == RecipientState.Delivered);
        if (sink.Answered < delivered)
        {
            Report(ViolationKind.Disagreement, email.Marker, $"{recipient.Address} of email {email.Id} was recorded as delivered {delivered} times, the sink answered 250 {sink.Answered} times");
        }
    }

    private void CheckBounced(RecordedEmail email, RecordedRecipient recipient, SinkRecipient sink)
    {
        if (sink.Refused == 0 || sink.Copies.Count > 0)
        {
            Report(ViolationKind.Disagreement, email.Marker, $"{recipient.Address} of email {email.Id} is bounced, the sink refused it {sink.Refused} times and has {sink.Copies.Count} copies");
        }
    }

    private void CheckCopies(RecordedEmail email, RecordedRecipient recipient, SinkRecipient sink)
    {
        if (sink.Copies.Count > 1 + recipient.Uncertain)
        {
            Report(ViolationKind.Unexplained, email.Marker, $"{recipient.Address} of email {email.Id} has {sink.Copies.Count} copies, with {recipient.Uncertain} uncertain attempts recorded");
        }

        foreach (var other in sink.Copies.Distinct().Where(messageId => messageId != email.MessageId))
        {
            Report(ViolationKind.Disagreement, email.Marker, $"{recipient.Address} of email {email.Id} got Message-ID {other}, history has {email.MessageId}");
        }
    }

    private int UnexplainedCopies() => _accounts.Sink.Sum(copy =>
    {
        var uncertain = _recorded[copy.Marker].SelectMany(static email => email.Recipients).Where(known => known.Address == copy.Recipient).Sum(static known => known.Uncertain);
        return Math.Max(0, copy.Copies.Count - 1 - uncertain);
    });

    private SinkRecipient SinkOf(string marker, string recipient) => _sink.GetValueOrDefault((marker, recipient), Nothing);

    private void Report(ViolationKind kind, string marker, string text) => _violations.Add(new Violation(kind, marker, text));
}
