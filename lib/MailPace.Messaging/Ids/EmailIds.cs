using System.Globalization;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Ids;

/// <summary>Email ids: integers from 1, below 2^53, taken in blocks from a counter in NATS. A block that a process didn't use up is lost, an id is never given twice.</summary>
public sealed class EmailIds(INatsJSContext jetStream) : IDisposable
{
    private const string Key = "email-id";
    private const int BlockSize = 1000;

    private readonly SemaphoreSlim _refill = new(1);
    private long _next;
    private long _end;

    /// <exception cref="NatsException">The counter can't be reached and the block is used up.</exception>
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

                var start = await TakeBlockAsync(cancellationToken);
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

    private Task<long> TakeBlockAsync(CancellationToken cancellationToken)
        => CounterEntry.ChangeAsync(
            jetStream,
            Key,
            static (text, _) =>
            {
                var start = text is null ? 1 : long.Parse(text, CultureInfo.InvariantCulture);
                return ValueTask.FromResult<(long, string?)>((start, (start + BlockSize).ToString(CultureInfo.InvariantCulture)));
            },
            cancellationToken);
}
