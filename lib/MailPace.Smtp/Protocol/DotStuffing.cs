using System.Buffers;

namespace MailPace.Smtp.Protocol;

/// <summary>
/// Writes a message in pieces with a dot more before each line that starts with one (RFC 5321 §4.5.2), then the end of data.
/// Expects lines that <see cref="LineCheck"/> has passed.
/// </summary>
internal struct DotStuffing
{
    private State _state;

    private enum State
    {
        LineStart,
        Within,
        AfterCr,
    }

    public void Write(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (_state == State.AfterCr && piece[0] == '\n')
        {
            output.Write("\n"u8);
            piece = piece[1..];
            _state = State.LineStart;
            if (piece.IsEmpty)
            {
                return;
            }
        }

        if (_state == State.LineStart && piece[0] == '.')
        {
            output.Write("."u8);
        }

        _state = StateAfter(piece);
        int at;
        while ((at = piece.IndexOf("\r\n."u8)) >= 0)
        {
            output.Write(piece[..(at + 3)]);
            output.Write("."u8);
            piece = piece[(at + 3)..];
        }

        output.Write(piece);
    }

    /// <summary>Ends the last line if need be, then the message.</summary>
    public readonly void WriteEnd(IBufferWriter<byte> output) => output.Write(_state == State.LineStart ? ".\r\n"u8 : "\r\n.\r\n"u8);

    private static State StateAfter(ReadOnlySpan<byte> piece)
        => piece.EndsWith("\r\n"u8) ? State.LineStart : piece[^1] == '\r' ? State.AfterCr : State.Within;
}
