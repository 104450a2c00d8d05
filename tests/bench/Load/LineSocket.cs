using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailPace.Bench.Load;

/// <summary>A TCP client, with TLS where asked, that reads reply lines with as little work as a load generator may cost.</summary>
internal sealed class LineSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[8192];
    private SslStream? _tls;
    private int _start;
    private int _end;

    public Task ConnectAsync(IPEndPoint endPoint) => _socket.ConnectAsync(endPoint);

    /// <summary>
    /// Goes on under TLS. Any certificate will do: what is measured is the work, not the trust. Without a trust store of its own a
    /// handshake reads all of the machine's roots, which costs the load generator more than a server's whole part of it.
    /// </summary>
    public async Task StartTlsAsync()
    {
        _tls = new SslStream(new NetworkStream(_socket), false);
        await _tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        });
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_tls is not null)
        {
            await _tls.WriteAsync(bytes);
            return;
        }

        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> target)
    {
        if (_end > _start)
        {
            var take = Math.Min(target.Length, _end - _start);
            _buffer.AsMemory(_start, take).CopyTo(target);
            _start += take;
            return take;
        }

        return await ReceiveAsync(target);
    }

    /// <summary>Reads one line; the memory is valid until the next read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync()
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, at + 1);
                _start += at + 1;
                return line;
            }

            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }

            var read = await ReceiveAsync(_buffer.AsMemory(_end));
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            _end += read;
        }
    }

    /// <summary>Reads one SMTP reply, continuation lines included, and checks its first digit.</summary>
    public async ValueTask ExpectAsync(char digit)
    {
        while (true)
        {
            var line = await ReadLineAsync();
            if (line.Length > 3 && line.Span[3] == (byte)'-')
            {
                continue;
            }

            if (line.Span[0] != (byte)digit)
            {
                throw new IOException("Unexpected reply: " + Encoding.ASCII.GetString(line.Span).TrimEnd());
            }

            return;
        }
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }

    private ValueTask<int> ReceiveAsync(Memory<byte> target) => _tls is null ? _socket.ReceiveAsync(target, SocketFlags.None) : _tls.ReadAsync(target);
}
