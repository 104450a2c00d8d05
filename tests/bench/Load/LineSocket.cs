using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPace.Bench.Load;

/// <summary>A blocking TCP client, with TLS where asked, that reads reply lines with as little work as a load generator may cost.</summary>
internal sealed class LineSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer;
    private OpenSsl? _tls;
    private int _start;
    private int _end;

    public LineSocket(IPEndPoint endPoint, int bufferSize = 8192)
    {
        _buffer = new byte[bufferSize];
        _socket.Connect(endPoint);
    }

    /// <summary>Goes on under TLS.</summary>
    public void StartTls() => _tls = new OpenSsl(_socket.Handle);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_tls is not null)
        {
            _tls.Write(bytes);
            return;
        }

        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public int Read(Span<byte> target)
    {
        if (_end > _start)
        {
            var take = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, take).CopyTo(target);
            _start += take;
            return take;
        }

        return Receive(target);
    }

    /// <summary>Reads one line; it is valid until the next read.</summary>
    public ReadOnlySpan<byte> ReadLine()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsSpan(_start, at + 1);
                _start += at + 1;
                return line;
            }

            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            var read = Receive(_buffer.AsSpan(_end));
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            _end += read;
        }
    }

    /// <summary>Reads one SMTP reply, continuation lines included, and checks its first digit.</summary>
    public void Expect(char digit)
    {
        while (true)
        {
            var line = ReadLine();
            if (line.Length > 3 && line[3] == (byte)'-')
            {
                continue;
            }

            if (line[0] != (byte)digit)
            {
                throw new IOException("Unexpected reply: " + Encoding.ASCII.GetString(line).TrimEnd());
            }

            return;
        }
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private int Receive(Span<byte> target) => _tls?.Read(target) ?? _socket.Receive(target);
}
