using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MailPace.Smtp.Tests.Sinks;

/// <summary>An HTTPS server that says to each host name what the test wants, by the letter; null is silence.</summary>
internal sealed class PolicyHost : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Task _accepting;

    public PolicyHost()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentDictionary<string, (X509Certificate2 Certificate, X509Certificate2 Issuer, string? Response)> Hosts { get; } = new();

    /// <summary>Host and request line of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static string Ok(string policy, string type = "text/plain") => $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {policy.Length}\r\nConnection: close\r\n\r\n{policy}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var name = "";
                await using var secured = new SslStream(client.GetStream());
                await secured.AuthenticateAsServerAsync(
                    (_, hello, _, _) =>
                    {
                        name = hello.ServerName;
                        var (certificate, issuer, _) = Hosts[name];
                        return ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [issuer], offline: true) });
                    },
                    null,
                    _stop.Token);
                Requests.Enqueue($"{name} {Encoding.ASCII.GetString(await new LineReader(secured, _stop.Token).ReadLineAsync() ?? [])}");
                if (Hosts[name].Response is not { } response)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                    return;
                }

                await secured.WriteAsync(Encoding.ASCII.GetBytes(response), _stop.Token);
                await secured.ShutdownAsync();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or KeyNotFoundException)
            {
                // The client left, or the test is over.
            }
        }
    }
}
