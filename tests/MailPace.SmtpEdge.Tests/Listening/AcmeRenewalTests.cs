using System.Globalization;
using MailPace.SmtpEdge.Tests.Harness;
using MailPace.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.SmtpEdge.Tests.Listening;

/// <summary>What an operator does: certbot gets a certificate from an ACME server and renews it, while the edge runs on the files in its <c>live</c>.</summary>
public sealed class AcmeRenewalTests : IDisposable
{
    private const string Host = "mx.edge.test";

    private readonly TestDirectory _directory = TestDirectory.Create();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Certbot_Renews_NewSessionsGetTheNewCertificateAndRunningOnesGoOn()
    {
        var certbot = Tools.Program("certbot");
        await using var pebble = await PebbleServer.StartAsync(Host);
        using var root = await pebble.RootAsync();
        await RunAsync(certbot, pebble, "certonly", "--standalone", "--http-01-address", "127.0.0.1", "--http-01-port", pebble.HttpPort.ToString(CultureInfo.InvariantCulture),
            "--domain", Host, "--agree-tos", "--register-unsafely-without-email");
        await using var edge = await TestEdge.StartAsync(
            options =>
            {
                options.CertificatePath = _directory.Combine($"etc/live/{Host}/fullchain.pem");
                options.CertificateKeyPath = _directory.Combine($"etc/live/{Host}/privkey.pem");
            },
            _time);
        await using var running = await RawClient.ConnectAsync(edge.Submissions);
        using var first = await running.StartTlsAsync(Host, root);
        await running.ReplyAsync();

        await RunAsync(certbot, pebble, "renew", "--force-renewal", "--no-random-sleep-on-renew");
        _time.Advance(TimeSpan.FromSeconds(10));

        await using var next = await RawClient.ConnectAsync(edge.Submissions);
        using var second = await next.StartTlsAsync(Host, root);
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
        Assert.StartsWith("220 ", await next.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await running.AskAsync("NOOP"), StringComparison.Ordinal);
    }

    private async Task RunAsync(string certbot, PebbleServer pebble, string command, params string[] arguments)
    {
        var log = _directory.Combine("certbot.log");
        var environment = new Dictionary<string, string> { ["REQUESTS_CA_BUNDLE"] = pebble.CaPath };
        await using var process = ServerProcess.Start(log, null, environment, certbot,
        [
            command, .. arguments, "--non-interactive", "--server", pebble.DirectoryUrl,
            "--config-dir", _directory.Combine("etc"), "--work-dir", _directory.Combine("work"), "--logs-dir", _directory.Combine("logs"),
        ]);
        var exitCode = await process.Exited.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
    }
}
