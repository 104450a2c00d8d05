using MailPace.Messaging.Publishing;
using NATS.Client.Core;

namespace MailPace.Messaging.Ids;

/// <summary>Email ids: integers from 1, below 2^53, taken in blocks from a counter in NATS. A block that a process didn't use up is lost, an id is never given twice.</summary>
public sealed class EmailIds(EmailIdCounter counter) : IDisposable
{
    private const int BlockSize = 1000;

    private readonly SemaphoreSlim _refill = new(1);
    private long _next;
    private long _end;

    /// <exception cref="NatsException">The counter can't be reached and the block is used up.</exception>
    /// <exception cref="NotDurableException">There is no counter yet.</exception>
    public ValueTask<long> NextAsync(CancellationToken cancellationToken)
    {
        lock (_refill)
        {
            if (_next < _end)
            {
                return ValueTask.FromResult(_next++);
            }
        }

        return NextFromNewBlockAsync(cancellationToken);
    }

    public void Dispose() => _refill.Dispose();

    private async ValueTask<long> NextFromNewBlockAsync(CancellationToken cancellationToken)
    {
        await _refill.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                lock (_refill)
                {
                    if (_next < _end)
                    {
                        return _next++;
                    }
                }

                var start = await counter.TakeAsync(BlockSize, cancellationToken)
                    ?? throw new NotDurableException("there is no counter of email ids; record makes it from history");
                lock (_refill)
                {
                    _next = start;
                    _end = start + BlockSize;
                }
            }
        }
        finally
        {
            _refill.Release();
        }
    }
}
