using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using MailPace.Testing;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>Let's Encrypt's ACME server for tests, from Debian's package; it asks for HTTP-01 at <see cref="HttpPort"/> of loopback.</summary>
internal sealed class PebbleServer : IAsyncDisposable
{
    private readonly TestDirectory _directory = TestDirectory.Create();
    private readonly int _port = FreePort.Next();
    private readonly int _managementPort = FreePort.Next();
    private readonly DevelopmentTls _tls;
    private readonly DnsResponder _dns = new();
    private ServerProcess? _process;

    private PebbleServer() => _tls = DevelopmentTls.Create(_directory.Path);

    public int HttpPort { get; } = FreePort.Next();

    public string DirectoryUrl => string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_port}/dir");

    /// <summary>What a client of its API must trust.</summary>
    public string CaPath => _tls.CaPath;

    /// <param name="host">The name that it gives certificates for.</param>
    public static async Task<PebbleServer> StartAsync(string host)
    {
        var program = Tools.Program("pebble");
        var pebble = new PebbleServer();
        try
        {
            await pebble.RunAsync(program, host);
            return pebble;
        }
        catch
        {
            await pebble.DisposeAsync();
            throw;
        }
    }

    /// <summary>The root that its certificates lead to; made anew at each start.</summary>
    public async Task<X509Certificate2> RootAsync()
    {
        using var ca = X509CertificateLoader.LoadCertificateFromFile(CaPath);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { ca },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler);
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_managementPort}/roots/0"));
        return X509Certificate2.CreateFromPem(await http.GetStringAsync(url, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _dns.DisposeAsync();
        _directory.Dispose();
    }

    private async Task RunAsync(string program, string host)
    {
        _dns.WithAddress(host, "127.0.0.1");
        var configuration = _directory.Combine("pebble.json");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $$"""
            { "pebble": {
              "listenAddress": "127.0.0.1:{{_port}}", "managementListenAddress": "127.0.0.1:{{_managementPort}}",
              "certificate": "{{_tls.CertificatePath}}", "privateKey": "{{_tls.KeyPath}}",
              "httpPort": {{HttpPort}}, "tlsPort": {{FreePort.Next()}}, "ocspResponderURL": ""
            } }
            """));
        var log = _directory.Combine("log");
        var environment = new Dictionary<string, string> { ["PEBBLE_VA_NOSLEEP"] = "1", ["PEBBLE_WFE_NONCEREJECT"] = "0" };
        _process = ServerProcess.Start(log, null, environment, program, "-config", configuration, "-dnsserver", _dns.EndPoint);
        await FreePort.WaitForListenerAsync(_port, log, _process);
        await FreePort.WaitForListenerAsync(_managementPort, log, _process);
    }
}
