namespace MailPace.Smtp.Tests.Sinks;

/// <summary>Reads CRLF lines and messages, byte by byte and by the letter of RFC 5321 §4.5.2: it is the oracle.</summary>
internal sealed class LineReader(Stream stream, CancellationToken cancellationToken)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <returns>Without its CRLF; null at the end.</returns>
    public async Task<byte[]?> ReadLineAsync()
    {
        var line = new List<byte>();
        while (await ReadByteAsync() is { } value)
        {
            line.Add(value);
            if (line.Count >= 2 && line[^2] == '\r' && line[^1] == '\n')
            {
                return [.. line[..^2]];
            }
        }

        return null;
    }

    /// <returns>The message as it was before dot-stuffing; null if it was broken off.</returns>
    public async Task<byte[]?> ReadMessageAsync()
    {
        var message = new List<byte>();
        while (await ReadLineAsync() is { } line)
        {
            if (line is [(byte)'.'])
            {
                return [.. message];
            }

            message.AddRange(line.AsSpan(line is [(byte)'.', ..] ? 1 : 0));
            message.AddRange("\r\n"u8);
        }

        return null;
    }

    private async ValueTask<byte?> ReadByteAsync()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await stream.ReadAsync(_buffer, cancellationToken);
            if (_end == 0)
            {
                return null;
            }
        }

        return _buffer[_start++];
    }
}
