using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>A client that sends exactly the octets it is told to.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly StringBuilder _unread = new();
    private Stream _stream = Stream.Null;

    public static async Task<RawClient> ConnectAsync(IPEndPoint server)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(server, TestContext.Current.CancellationToken);
        client._stream = new NetworkStream(client._socket);
        return client;
    }

    public async Task StartTlsAsync()
    {
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        using var patience = Limit();
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, patience.Token);
        _stream = tls;
    }

    /// <summary>Starts TLS with any server, or only with one whose certificate leads to <paramref name="root"/> and is for the host.</summary>
    /// <returns>The certificate that it shows to a client that asks for <paramref name="host"/>.</returns>
    public async Task<X509Certificate2> StartTlsAsync(string host, X509Certificate2? root = null)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (root is null)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        }
        else
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { root },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        }

        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        using var patience = Limit();
        await tls.AuthenticateAsClientAsync(options, patience.Token);
        _stream = tls;
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
    }

    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        using var patience = Limit();
        await _stream.WriteAsync(octets, patience.Token);
    }

    /// <summary>Sends a line and reads the reply to it.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>The next reply, all its lines.</summary>
    public async Task<string> ReplyAsync()
    {
        var reply = new StringBuilder();
        while (true)
        {
            var line = await LineAsync();
            Assert.NotNull(line);
            reply.Append(line).Append('\n');
            if (line.Length < 4 || line[3] != '-')
            {
                return reply.ToString().TrimEnd('\n');
            }
        }
    }

    /// <summary>All that comes until the server closes.</summary>
    public async Task<string> ToEndAsync()
    {
        var text = new StringBuilder();
        while (await LineAsync() is { } line)
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>All octets until the server closes, lines or not.</summary>
    public async Task<string> ToEndRawAsync()
    {
        var buffer = new byte[4096];
        using var patience = Limit();
        try
        {
            while (await _stream.ReadAsync(buffer, patience.Token) is > 0 and var count)
            {
                _unread.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // closed by a reset
        }

        return _unread.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }

    private async Task<string?> LineAsync()
    {
        var buffer = new byte[4096];
        using var patience = Limit();
        while (true)
        {
            var text = _unread.ToString();
            var end = text.IndexOf("\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                _unread.Remove(0, end + 2);
                return text[..end];
            }

            int count;
            try
            {
                count = await _stream.ReadAsync(buffer, patience.Token);
            }
            catch (IOException)
            {
                count = 0; // closed by a reset
            }

            if (count == 0)
            {
                return text.Length == 0 ? null : throw new InvalidOperationException($"The connection ended within a line: {text}");
            }

            _unread.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }
}
