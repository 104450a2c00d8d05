using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailPace.Smtp.Tests.Sinks;

/// <summary>
/// A receiving host whose every reply a test can replace. <see cref="Script"/> sees the command (<c>greeting</c> and <c>.</c> included) and
/// gives the bytes to answer with, null for the usual reply, <see cref="HangUp"/> or <see cref="Silence"/>.
/// </summary>
internal sealed class ScriptedSink : IAsyncDisposable
{
    public const string HangUp = "\0hang up";
    public const string Silence = "\0silence";

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Task _accepting;
    private int _connections;
    private int _open;

    public ScriptedSink(string address = "127.0.0.1", int port = 0)
    {
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string[] Extensions { get; set; } = ["PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10000000"];

    public Func<string, string?> Script { get; set; } = _ => null;

    /// <summary>Each byte of a reply in a packet of its own.</summary>
    public bool ChopsReplies { get; set; }

    public X509Certificate2? Certificate { get; set; }

    /// <summary>Chooses a certificate by the name that the client asks for.</summary>
    public Func<string, SslStreamCertificateContext>? CertificateFor { get; set; }

    /// <summary>Instead of a handshake it sends this.</summary>
    public byte[]? TlsGarbage { get; set; }

    public int Connections => _connections;

    public int MostOpen { get; private set; }

    public ConcurrentQueue<string> Commands { get; } = new();

    public ConcurrentQueue<byte[]> Messages { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
        Certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                Interlocked.Increment(ref _connections);
                _sessions.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        lock (_stop)
        {
            MostOpen = Math.Max(MostOpen, ++_open);
        }

        using (client)
        {
            try
            {
                await TalkAsync(client.GetStream());
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client left, or the test is over.
            }
        }

        lock (_stop)
        {
            _open--;
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var lines = new LineReader(stream, _stop.Token);
        if (!await AnswerAsync(stream, "greeting", "220 sink ESMTP\r\n"))
        {
            return;
        }

        var taken = 0;
        while (await lines.ReadLineAsync() is { } bytes)
        {
            var command = Encoding.UTF8.GetString(bytes);
            Commands.Enqueue(command);
            switch (command.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    string[] extensions = Certificate is null && CertificateFor is null && TlsGarbage is null || stream is SslStream ? Extensions : [.. Extensions, "STARTTLS"];
                    var words = (string[])["sink", .. extensions];
                    var reply = string.Concat(words.Select((word, i) => $"250{(i == words.Length - 1 ? ' ' : '-')}{word}\r\n"));
                    if (!await AnswerAsync(stream, command, reply))
                    {
                        return;
                    }

                    break;
                case "STARTTLS":
                    if (Script(command) is { } refusal)
                    {
                        await stream.WriteAsync(Encoding.Latin1.GetBytes(refusal));
                        if (!refusal.StartsWith("220", StringComparison.Ordinal))
                        {
                            break;
                        }
                    }
                    else
                    {
                        await stream.WriteAsync("220 go ahead\r\n"u8.ToArray());
                    }

                    if (TlsGarbage is { } garbage)
                    {
                        await stream.WriteAsync(garbage);
                        return;
                    }

                    var secured = new SslStream(stream);
                    await secured.AuthenticateAsServerAsync(
                        (_, hello, _, _) => ValueTask.FromResult(CertificateFor is { } choose
                            ? new SslServerAuthenticationOptions { ServerCertificateContext = choose(hello.ServerName) }
                            : new SslServerAuthenticationOptions { ServerCertificate = Certificate }),
                        null,
                        _stop.Token);
                    stream = secured;
                    lines = new LineReader(stream, _stop.Token);
                    break;
                case "RCPT":
                    var toRecipient = Script(command) ?? "250 2.1.5 recipient ok\r\n";
                    taken += toRecipient[0] == '2' ? 1 : 0;
                    if (!await WriteAsync(stream, toRecipient))
                    {
                        return;
                    }

                    break;
                case "DATA":
                    var toData = Script(command) ?? (taken > 0 ? "354 go ahead\r\n" : "554 5.5.1 no valid recipients\r\n");
                    if (!await WriteAsync(stream, toData))
                    {
                        return;
                    }

                    taken = 0;
                    if (toData.StartsWith("354", StringComparison.Ordinal))
                    {
                        if (await lines.ReadMessageAsync() is not { } message)
                        {
                            return;
                        }

                        Messages.Enqueue(message);
                        Commands.Enqueue(".");
                        if (!await AnswerAsync(stream, ".", "250 2.0.0 taken\r\n"))
                        {
                            return;
                        }
                    }

                    break;
                case "QUIT":
                    await AnswerAsync(stream, command, "221 2.0.0 bye\r\n");
                    return;
                default:
                    if (!await AnswerAsync(stream, command, "250 2.0.0 ok\r\n"))
                    {
                        return;
                    }

                    break;
            }
        }
    }

    private Task<bool> AnswerAsync(Stream stream, string command, string usual) => WriteAsync(stream, Script(command) ?? usual);

    private async Task<bool> WriteAsync(Stream stream, string reply)
    {
        if (reply == HangUp)
        {
            return false;
        }

        if (reply == Silence)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }

        var bytes = Encoding.Latin1.GetBytes(reply);
        for (var at = 0; at < bytes.Length; at += ChopsReplies ? 1 : bytes.Length)
        {
            await stream.WriteAsync(bytes.AsMemory(at, ChopsReplies ? 1 : bytes.Length), _stop.Token);
            await stream.FlushAsync(_stop.Token);
        }

        return !reply.StartsWith("421", StringComparison.Ordinal);
    }
}
