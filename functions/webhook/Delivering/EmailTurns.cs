namespace MailPace.Webhook.Delivering;

/// <summary>Lets the events of one email to one endpoint go one after the other, by their place in the queue, while those of other emails go at once.</summary>
internal sealed class EmailTurns
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(long EndpointId, long EmailId), SortedList<long, TaskCompletionSource>> _turns = [];

    /// <summary>Returns when it's this event's turn; dispose of the result to give the turn on.</summary>
    public async Task<IDisposable> TakeAsync(long endpointId, long emailId, long sequence, CancellationToken cancellationToken)
    {
        var key = (endpointId, emailId);
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var turn = new Turn(this, key, sequence);
        lock (_gate)
        {
            if (!_turns.TryGetValue(key, out var waiting))
            {
                _turns[key] = waiting = [];
            }

            waiting[sequence] = mine;
            if (waiting.Count == 1)
            {
                mine.SetResult();
            }
        }

        try
        {
            await mine.Task.WaitAsync(cancellationToken);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private void Release((long EndpointId, long EmailId) key, long sequence)
    {
        lock (_gate)
        {
            var waiting = _turns[key];
            var wasRunning = waiting[sequence].Task.IsCompleted;
            waiting.Remove(sequence);
            if (waiting.Count == 0)
            {
                _turns.Remove(key);
                return;
            }

            if (wasRunning)
            {
                waiting.Values[0].TrySetResult();
            }
        }
    }

    private sealed class Turn(EmailTurns owner, (long EndpointId, long EmailId) key, long sequence) : IDisposable
    {
        public void Dispose() => owner.Release(key, sequence);
    }
}
