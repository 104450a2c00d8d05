using System.Buffers;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// Where a message gathers: the trace fields that the server adds, then the octets of DATA up to a limit, in one pooled
/// array, so that intake reads them without another copy. Of a large message it holds what was not handed on yet.
/// </summary>
internal sealed class MessageBuffer : IBufferWriter<byte>, IDisposable
{
    private const int Smallest = 16 * 1024;

    // A declared SIZE is only a claim: it may not reserve more than this before the octets are there.
    private const int LargestHint = 1024 * 1024;

    private readonly int _limit;
    private readonly BufferBudget _budget;
    private MessageLines _lines;
    private byte[] _array = [];
    private int _length;
    private (byte Last, byte BeforeLast) _end;
    private bool _isDiscarding;

    /// <param name="limit">Most octets of the message.</param>
    /// <param name="lines">What the message's header and lines may have.</param>
    /// <param name="sizeHint">Size that the client declared; 0 when it didn't.</param>
    /// <param name="budget">What all buffers share.</param>
    public MessageBuffer(int limit, MessageLines lines, long sizeHint, BufferBudget budget)
    {
        _limit = limit;
        _lines = lines;
        _budget = budget;
        Grow((int)Math.Clamp(sizeHint, Smallest, LargestHint));
    }

    /// <summary>False when the budget was spent before this message began.</summary>
    public bool HasRoom => _array.Length > 0;

    /// <summary>The message's header is complete.</summary>
    public bool HasHeader => _lines.InBody;

    /// <summary>The message's last octets so far are CRLF.</summary>
    public bool EndsLine => _end == ((byte)'\n', (byte)'\r');

    /// <summary>Trace fields and message, without what was handed on.</summary>
    public ReadOnlyMemory<byte> Content => _array.AsMemory(0, _length);

    /// <summary>Octets of the message, without the trace fields.</summary>
    public int Received { get; private set; }

    /// <summary>Appends octets of the message, if they fit.</summary>
    public DataFault Append(ReadOnlySpan<byte> octets)
    {
        var room = _limit - Received;
        if (_lines.Take(octets[..Math.Min(octets.Length, room)]) is var fault and not DataFault.None)
        {
            return fault;
        }

        if (octets.Length > room)
        {
            return DataFault.TooLarge;
        }

        if (!_isDiscarding)
        {
            if (_array.Length - _length < octets.Length && !Grow(octets.Length))
            {
                return DataFault.NoRoom;
            }

            octets.CopyTo(_array.AsSpan(_length));
            _length += octets.Length;
        }

        Received += octets.Length;
        if (!octets.IsEmpty)
        {
            _end = (octets[^1], octets.Length > 1 ? octets[^2] : _end.Last);
        }

        return DataFault.None;
    }

    /// <summary>What it holds was handed on: only the rest gathers here, in an array no larger than <paramref name="size"/> wants.</summary>
    public void Forget(int size)
    {
        _length = 0;
        if (_array.Length >= 2 * size)
        {
            Dispose();
            Grow(size);
        }
    }

    /// <summary>Nobody wants what comes from here on; it is still counted and checked.</summary>
    public void Discard()
    {
        _isDiscarding = true;
        Dispose();
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_array.Length - _length < Math.Max(sizeHint, 1) && !Grow(Math.Max(sizeHint, 1)))
        {
            throw new InvalidOperationException("No room for the trace fields");
        }

        return _array.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Lets go of the array without giving it back to the pool, since somebody may still read it.</summary>
    public void Abandon()
    {
        _budget.Give(_array.Length);
        _array = [];
        _length = 0;
    }

    public void Dispose()
    {
        var array = _array;
        Abandon();
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private bool Grow(int room)
    {
        // Doubles, but never beyond what the limit and the trace fields can need.
        var wanted = Math.Max(_length + room, (int)Math.Min(_array.Length * 2L, _limit + (long)Smallest));
        var larger = ArrayPool<byte>.Shared.Rent(wanted);
        if (!_budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        var (smaller, length) = (_array, _length);
        smaller.AsSpan(0, length).CopyTo(larger);
        Dispose();
        (_array, _length) = (larger, length);
        return true;
    }
}
