using System.Buffers;
using System.Text;
using MailPace.Contracts;
using MailPace.Mail.Replies;

namespace MailPace.Smtp.Protocol;

/// <summary>
/// Reads replies from bytes as they come. A reply is attacker input: lines of at most 4 KiB, at most 100 of them, one code in all
/// (RFC 5321 §4.2.1); of the text, printable ASCII, at most 1,000 characters. Whatever breaks these rules is a
/// <see cref="ReplyFormatException"/>: the stream can't be trusted any further.
/// </summary>
internal sealed class ReplyParser
{
    public const int MaxLineLength = 4096;
    public const int MaxLines = 100;
    public const int MaxText = Reply.MaxText;

    private readonly StringBuilder _text = new();
    private int _code;
    private int _lines;
    private string? _enhanced;

    /// <summary>Called with each line of a reply as it was understood; for EHLO's extensions.</summary>
    public Action<string>? LineRead { get; set; }

    /// <summary>Takes one whole reply off the front of <paramref name="buffer"/>, or the lines of it that are there.</summary>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out RemoteReply? reply)
    {
        Span<byte> copy = stackalloc byte[MaxLineLength];
        while (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            if (line.Length >= MaxLineLength)
            {
                throw new ReplyFormatException("reply line too long");
            }

            var isLast = line.IsSingleSegment ? TakeLine(line.FirstSpan) : TakeLine(CopyTo(line, copy));
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            if (isLast)
            {
                reply = new RemoteReply(_code, _enhanced, _text.ToString());
                Reset();
                return true;
            }
        }

        if (buffer.Length >= MaxLineLength)
        {
            throw new ReplyFormatException("reply line too long");
        }

        reply = null;
        return false;
    }

    private static ReadOnlySpan<byte> CopyTo(ReadOnlySequence<byte> line, Span<byte> copy)
    {
        line.CopyTo(copy);
        return copy[..(int)line.Length];
    }

    private bool TakeLine(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)'\r');
        if (line.Length < 3 || !IsDigit(line[0]) || !IsDigit(line[1]) || !IsDigit(line[2]))
        {
            throw new ReplyFormatException("reply without a code");
        }

        var code = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0';
        if (code is < 200 or > 599)
        {
            throw new ReplyFormatException("reply code out of range");
        }

        if (_lines > 0 && code != _code)
        {
            throw new ReplyFormatException("reply code changed within a reply");
        }

        if (++_lines > MaxLines)
        {
            throw new ReplyFormatException("reply of too many lines");
        }

        _code = code;
        if (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-'))
        {
            throw new ReplyFormatException("reply code without a separator");
        }

        TakeText(line.Length > 4 ? line[4..] : []);
        return line.Length == 3 || line[3] == ' ';
    }

    private void TakeText(ReadOnlySpan<byte> bytes)
    {
        var text = ReplyText.Clean(bytes);
        LineRead?.Invoke(text);
        var words = text.AsSpan();
        if (EnhancedStatusCode.TryReadPrefix(words, out var enhanced, out var length) && enhanced.Class == _code / 100)
        {
            _enhanced ??= enhanced.ToString();
            words = words[length..].TrimStart(' ');
        }

        if (_text.Length > 0 && words.Length > 0 && _text.Length < MaxText)
        {
            _text.Append(' ');
        }

        _text.Append(words[..Math.Min(words.Length, MaxText - _text.Length)]);
    }

    private void Reset()
    {
        _text.Clear();
        _lines = 0;
        _code = 0;
        _enhanced = null;
    }

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
