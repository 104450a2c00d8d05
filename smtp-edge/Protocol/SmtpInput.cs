using System.Buffers;
using System.IO.Pipelines;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// The octets of a session, in order. Lines and data are slices of the pipe's own memory: they are valid until the
/// next <see cref="ReadAsync"/>, which alone gives memory back to the pipe.
/// Only CRLF ends a line (RFC 5321 §2.3.8); anything laxer is how one command is smuggled behind another.
/// </summary>
internal sealed class SmtpInput(PipeReader reader)
{
    // So that a message's buffer grows by no more between two looks at it.
    private const int Gulp = 48 * 1024;

    private ReadOnlySequence<byte> _unread;
    private byte[]? _joined;
    private bool _reading;
    private bool _skipping;

    /// <summary>What was read and not yet consumed.</summary>
    public ReadOnlySequence<byte> Unread => _unread;

    /// <summary>What was read of a message's next octets, as much as is decoded in one go.</summary>
    /// <param name="octets">How many belong to the message at most.</param>
    public ReadOnlySequence<byte> UpTo(long octets) => _unread.Slice(0, Math.Min(Math.Min(octets, Gulp), _unread.Length));

    /// <summary>Octets that came, read as data or not.</summary>
    public long Received { get; private set; }

    public void Consume(SequencePosition position) => _unread = _unread.Slice(position);

    /// <summary>Takes the next line out of what was read.</summary>
    /// <param name="limit">Longest line in octets, CRLF included.</param>
    /// <param name="line">The line without CRLF.</param>
    public LineStatus TryReadLine(int limit, out ReadOnlyMemory<byte> line)
    {
        line = default;
        while (true)
        {
            if (!TryFindLineEnd(out var text, out var next))
            {
                return HoldPartialLine(limit);
            }

            _unread = _unread.Slice(next);
            if (_skipping)
            {
                _skipping = false;
                continue;
            }

            if (text.Length + 2 > limit)
            {
                return LineStatus.TooLong;
            }

            line = Join(text);
            return line.Span.ContainsAny((byte)'\r', (byte)'\n', (byte)0) ? LineStatus.Malformed : LineStatus.Line;
        }
    }

    /// <summary>Waits for more octets than <see cref="Unread"/> holds.</summary>
    public async ValueTask<ReadOutcome> ReadAsync()
    {
        var known = _unread.Length;
        Release(_unread.Start, _unread.End);
        var result = await reader.ReadAsync().ConfigureAwait(false);
        Hold(result.Buffer);
        if (_unread.Length > known)
        {
            Received += _unread.Length - known;
            return ReadOutcome.Data;
        }

        return result.IsCanceled ? ReadOutcome.Interrupted : ReadOutcome.End;
    }

    /// <summary>Whether the client has already sent something behind what was consumed.</summary>
    public bool HasMore()
    {
        if (!_unread.IsEmpty)
        {
            return true;
        }

        Release(_unread.Start, _unread.End);
        if (!reader.TryRead(out var result))
        {
            return false;
        }

        Hold(result.Buffer);
        return !_unread.IsEmpty;
    }

    /// <summary>Ends a <see cref="ReadAsync"/> that waits, or the next one; from any thread.</summary>
    public void Interrupt() => reader.CancelPendingRead();

    /// <summary>Gives all memory back: the pipe goes to another owner, or the session ends.</summary>
    public void Leave()
    {
        Release(_unread.End, _unread.End);
        if (_joined is not null)
        {
            ArrayPool<byte>.Shared.Return(_joined, clearArray: true);
            _joined = null;
        }
    }

    /// <summary>Ends the pipe.</summary>
    public ValueTask CompleteAsync() => reader.CompleteAsync();

    private bool TryFindLineEnd(out ReadOnlySequence<byte> text, out SequencePosition next)
    {
        if (_unread.IsSingleSegment)
        {
            var at = _unread.FirstSpan.IndexOf("\r\n"u8);
            text = at < 0 ? default : _unread.Slice(0, at);
            next = at < 0 ? default : _unread.GetPosition(at + 2);
            return at >= 0;
        }

        var sequence = new SequenceReader<byte>(_unread);
        var found = sequence.TryReadTo(out text, "\r\n"u8);
        next = sequence.Position;
        return found;
    }

    /// <summary>A partial line that can't become a legal one is dropped as it comes, so that it costs no memory.</summary>
    private LineStatus HoldPartialLine(int limit)
    {
        var endsInCr = !_unread.IsEmpty && _unread.Slice(_unread.Length - 1).FirstSpan[0] == '\r';
        var text = _unread.Length - (endsInCr ? 1 : 0);
        if (!_skipping && text + 2 <= limit)
        {
            return LineStatus.Incomplete;
        }

        _unread = _unread.Slice(text);
        if (_skipping)
        {
            return LineStatus.Incomplete;
        }

        _skipping = true;
        return LineStatus.TooLong;
    }

    private ReadOnlyMemory<byte> Join(in ReadOnlySequence<byte> text)
    {
        if (text.IsSingleSegment)
        {
            return text.First;
        }

        var length = (int)text.Length;
        if (_joined is null || _joined.Length < length)
        {
            if (_joined is not null)
            {
                ArrayPool<byte>.Shared.Return(_joined, clearArray: true);
            }

            _joined = ArrayPool<byte>.Shared.Rent(length);
        }

        text.CopyTo(_joined);
        return _joined.AsMemory(0, length);
    }

    private void Hold(in ReadOnlySequence<byte> buffer)
    {
        _unread = buffer;
        _reading = true;
    }

    private void Release(SequencePosition consumed, SequencePosition examined)
    {
        if (!_reading)
        {
            return;
        }

        reader.AdvanceTo(consumed, examined);
        _unread = default;
        _reading = false;
    }
}
