using System.Collections.Concurrent;
using MailPace.Faults.Ledger;

namespace MailPace.Faults.Load;

/// <summary>What the clients handed in and were told.</summary>
internal sealed class ClientLedger
{
    private readonly ConcurrentDictionary<string, SubmittedEmail> _submitted = new();
    private readonly ConcurrentDictionary<string, int> _refusals = new();
    private readonly ConcurrentQueue<Violation> _violations = new();
    private readonly Lock _waitersLock = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private int _acknowledged;

    public int Acknowledged => _acknowledged;

    /// <summary>Refusals that say "later": 503, 451 and the like.</summary>
    public int Refusals => _refusals.Values.Sum();

    public IReadOnlyList<SubmittedEmail> Submitted => [.. _submitted.Values];

    /// <summary>Answers that no client should get.</summary>
    public IReadOnlyList<Violation> Violations => [.. _violations];

    /// <summary>Before the first byte leaves.</summary>
    public void HandIn(SubmittedEmail email) => _submitted[email.Marker] = email;

    public void Acknowledge(string marker, long id)
    {
        _submitted.AddOrUpdate(marker, static _ => throw new InvalidOperationException("It was not handed in."), (_, email) => email with { AcknowledgedIds = [.. email.AcknowledgedIds, id] });
        var count = Interlocked.Increment(ref _acknowledged);
        lock (_waitersLock)
        {
            _waiters.RemoveAll(waiter => waiter.Count <= count && waiter.Reached.TrySetResult());
        }
    }

    public void Refuse(string answer) => _refusals.AddOrUpdate(answer, 1, static (_, count) => count + 1);

    public void Unexpected(string marker, string answer)
        => _violations.Enqueue(new Violation(ViolationKind.Conduct, marker, $"a client was told: {answer}"));

    /// <summary>Completes when so many more emails were acknowledged.</summary>
    public Task MoreAcknowledgedAsync(int more, CancellationToken cancellationToken)
    {
        lock (_waitersLock)
        {
            var waiter = (_acknowledged + more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
            return waiter.Item2.Task.WaitAsync(cancellationToken);
        }
    }
}
