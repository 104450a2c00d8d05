using System.Diagnostics.Metrics;
using MailPace.Hosting;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Tests.Harness;
using MailPace.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.SmtpEdge.Tests.Listening;

/// <summary>Certificates in files: which one is shown, and what happens when they are replaced.</summary>
public sealed class CertificateTests : IDisposable
{
    private const int Reloaded = 5030;
    private const int Unreadable = 5031;
    private const int Expires = 5032;

    private readonly TestDirectory _directory = TestDirectory.Create();
    private readonly RecordingLog _log = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose()
    {
        _directory.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("", "default.example")]
    [InlineData("default.example", "default.example")]
    [InlineData("unknown.example", "default.example")]
    [InlineData("127.0.0.1", "default.example")]
    [InlineData("mx.b.example", "mx.b.example")]
    [InlineData("MX.B.Example", "mx.b.example")]
    [InlineData("also.b.example", "mx.b.example")]
    [InlineData("b.example", "default.example")]
    [InlineData("any.c.example", "*.c.example")]
    [InlineData("exact.c.example", "exact.c.example")]
    [InlineData("two.labels.c.example", "default.example")]
    [InlineData("c.example", "default.example")]
    public async Task Handshake_ClientNamesAHost_ShowsItsCertificate(string host, string subject)
    {
        await using var edge = await StartAsync(
            Pair("default").WriteTo(_directory.Combine("0")),
            PemPair.Create("mx.b.example", "also.b.example").WriteTo(_directory.Combine("1")),
            PemPair.Create("*.c.example").WriteTo(_directory.Combine("2")),
            PemPair.Create("exact.c.example").WriteTo(_directory.Combine("3")));

        await using var implicitly = await RawClient.ConnectAsync(edge.Submissions);
        using var shown = await implicitly.StartTlsAsync(host);
        await using var starting = await RawClient.ConnectAsync(edge.Inbound);
        await starting.ReplyAsync();
        await starting.AskAsync("EHLO c.example");
        await starting.AskAsync("STARTTLS");
        using var shownToo = await starting.StartTlsAsync(host);

        Assert.Equal($"CN={subject}", shown.Subject);
        Assert.Equal(shown.Thumbprint, shownToo.Thumbprint);
    }

    [Fact]
    public async Task Files_WrittenAgain_AreShownToNewSessionsAndEndNone()
    {
        var former = Pair("default").WriteTo(_directory.Combine("0"));
        await using var edge = await StartAsync(former);
        await using var running = await RawClient.ConnectAsync(edge.Submissions);
        using var first = await running.StartTlsAsync("default.example");
        await running.ReplyAsync();

        var renewed = Pair("default").WriteTo(_directory.Combine("0"));
        Assert.Equal(former.Thumbprint, await ShownAsync(edge));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(former.Thumbprint, first.Thumbprint);
        Assert.Equal(renewed.Thumbprint, await ShownAsync(edge));
        Assert.StartsWith("250", await running.AskAsync("NOOP"), StringComparison.Ordinal);
        Assert.Single(_log.Of(Reloaded));
    }

    [Fact]
    public async Task Files_OfOneOfSeveral_ChangeThatOne()
    {
        var unchanged = Pair("default").WriteTo(_directory.Combine("0"));
        await using var edge = await StartAsync(unchanged, PemPair.Create("b.example").WriteTo(_directory.Combine("1")));

        var renewed = PemPair.Create("b.example", "new.example").WriteTo(_directory.Combine("1"));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(renewed.Thumbprint, await ShownAsync(edge, "b.example"));
        Assert.Equal(renewed.Thumbprint, await ShownAsync(edge, "new.example"));
        Assert.Equal(unchanged.Thumbprint, await ShownAsync(edge));
    }

    /// <summary>A secret that Kubernetes mounts: the files are links through <c>..data</c>, the link that is swapped.</summary>
    [Fact]
    public async Task Files_BehindASwappedDirectory_AreNoticed()
    {
        var mount = Directory.CreateDirectory(_directory.Combine("0")).FullName;
        Pair("default").WriteTo(Path.Combine(mount, "..first"));
        File.CreateSymbolicLink(Path.Combine(mount, "..data"), "..first");
        File.CreateSymbolicLink(Path.Combine(mount, "tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(Path.Combine(mount, "tls.key"), "..data/tls.key");
        await using var edge = await StartAsync([mount]);
        await ShownAsync(edge);

        var renewed = Pair("default").WriteTo(Path.Combine(mount, "..second"));
        AgeLike(Path.Combine(mount, "..second"), Path.Combine(mount, "..first"));
        File.Delete(Path.Combine(mount, "..data"));
        File.CreateSymbolicLink(Path.Combine(mount, "..data"), "..second");
        Directory.Delete(Path.Combine(mount, "..first"), recursive: true);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(renewed.Thumbprint, await ShownAsync(edge));
        Assert.Empty(_log.Of(Unreadable));
    }

    /// <summary>certbot's <c>live</c>: links into <c>archive</c>, replaced one after the other.</summary>
    [Fact]
    public async Task Files_ReplacedOneAfterTheOther_AreTakenTogether()
    {
        var live = Directory.CreateDirectory(_directory.Combine("0")).FullName;
        var former = Pair("default").WriteTo(_directory.Combine("archive1"));
        LinkTo(live, "tls.crt", "../archive1/tls.crt");
        LinkTo(live, "tls.key", "../archive1/tls.key");
        await using var edge = await StartAsync([live]);

        var renewed = Pair("default").WriteTo(_directory.Combine("archive2"));
        LinkTo(live, "tls.key", "../archive2/tls.key");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(former.Thumbprint, await ShownAsync(edge));
        LinkTo(live, "tls.crt", "../archive2/tls.crt");
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(renewed.Thumbprint, await ShownAsync(edge));
        Assert.Single(_log.Of(Unreadable));
    }

    [Theory]
    [InlineData("tls.crt", "")]
    [InlineData("tls.crt", "no PEM at all")]
    [InlineData("tls.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")]
    [InlineData("tls.key", "")]
    [InlineData("tls.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n")]
    [InlineData("tls.crt", null)]
    [InlineData("tls.key", null)]
    public async Task Files_Broken_KeepTheFormerAndSayWhyOnce(string file, string? content)
    {
        var former = Pair("default").WriteTo(_directory.Combine("0"));
        await using var edge = await StartAsync(former);

        var path = Path.Combine(_directory.Combine("0"), file);
        File.Delete(path);
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        }

        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(former.Thumbprint, await ShownAsync(edge));
        }

        Assert.Matches("can't be read; the former one stays in use: .+", Assert.Single(_log.Of(Unreadable)));

        var renewed = Pair("default").WriteTo(_directory.Combine("0"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(renewed.Thumbprint, await ShownAsync(edge));
    }

    [Fact]
    public async Task Files_CutAnywhere_NeverLeadToAnotherCertificateThanOneOfTheTwo()
    {
        var former = Pair("default").WriteTo(_directory.Combine("0"));
        await using var edge = await StartAsync(former);
        var renewed = Pair("default");
        var path = Path.Combine(_directory.Combine("0"), "tls.crt");
        for (var length = 0; length < renewed.Certificate.Length; length += 41)
        {
            await File.WriteAllTextAsync(path, renewed.Certificate[..length], TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(former.Thumbprint, await ShownAsync(edge));
        }
    }

    [Fact]
    public async Task Files_ChangedWithoutAnyHandshake_AreNoticed()
    {
        await using var edge = await StartAsync(Pair("default").WriteTo(_directory.Combine("0")));

        Pair("default").WriteTo(_directory.Combine("0"));

        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return _log.Of(Reloaded).Any();
        });
    }

    [Fact]
    public async Task Expiry_Near_IsToldOnceADayUntilRenewal()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow());
        await using var edge = await StartAsync(PemPair.Create(TimeSpan.FromDays(15), "default.example").WriteTo(_directory.Combine("0")));
        Assert.Empty(_log.Of(Expires));

        _time.Advance(TimeSpan.FromDays(1.5));
        await ShownAsync(edge);
        Assert.Single(_log.Of(Expires));
        _time.Advance(TimeSpan.FromHours(23));
        await ShownAsync(edge);
        Assert.Single(_log.Of(Expires));
        _time.Advance(TimeSpan.FromHours(1));
        await ShownAsync(edge);
        Assert.Equal(2, _log.Of(Expires).Count());

        Pair("default").WriteTo(_directory.Combine("0"));
        _time.Advance(TimeSpan.FromDays(2));
        await ShownAsync(edge);
        Assert.Equal(2, _log.Of(Expires).Count());
    }

    [Fact]
    public async Task Lifetime_IsMeasured()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow());
        await using var edge = await StartAsync(
            PemPair.Create(TimeSpan.FromDays(20), "one.example").WriteTo(_directory.Combine("0")),
            PemPair.Create(TimeSpan.FromDays(30), "two.example").WriteTo(_directory.Combine("1")));
        var days = new Dictionary<string, double>(StringComparer.Ordinal);
        using var meters = new MeterListener();
        meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "mailpace.smtp_edge.certificate.lifetime")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<double>((_, value, tags, _) => days[(string)tags[0].Value!] = Math.Round(value / 86400, 1));
        meters.Start();
        meters.RecordObservableInstruments();

        Assert.Equal(20, days["one.example"]);
        Assert.Equal(30, days["two.example"]);
    }

    [Fact]
    public async Task Start_WithoutAReadableCertificate_SaysWhich()
    {
        Directory.CreateDirectory(_directory.Combine("0"));

        var failure = await Assert.ThrowsAsync<StartException>(() => StartAsync([_directory.Combine("0")]));

        Assert.Contains(Path.Combine(_directory.Combine("0"), "tls.crt"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_FurtherCertificatesWithoutAFirst_AreRefused()
    {
        var options = new SmtpEdgeOptions { Certificates = { new SmtpCertificateOptions { Path = "b.pem" } } };

        var fault = Assert.Single(options.Validate(new(options)));

        Assert.Contains("CertificatePath", fault.ErrorMessage, StringComparison.Ordinal);
    }

    private static PemPair Pair(string name) => PemPair.Create($"{name}.example");

    private static async Task<string> ShownAsync(TestEdge edge, string host = "default.example")
    {
        await using var client = await RawClient.ConnectAsync(edge.Submissions);
        using var certificate = await client.StartTlsAsync(host);
        return certificate.Thumbprint;
    }

    private static void LinkTo(string directory, string name, string target)
    {
        File.CreateSymbolicLink(Path.Combine(directory, "new"), target);
        File.Move(Path.Combine(directory, "new"), Path.Combine(directory, name), overwrite: true);
    }

    /// <summary>So that nothing but the content tells.</summary>
    private static void AgeLike(string directory, string other)
    {
        foreach (var file in (string[])["tls.crt", "tls.key"])
        {
            File.SetLastWriteTimeUtc(Path.Combine(directory, file), File.GetLastWriteTimeUtc(Path.Combine(other, file)));
        }
    }

    private Task<TestEdge> StartAsync(params PemPair[] pairs) => StartAsync([.. pairs.Select((_, i) => _directory.Combine(i.ToString(System.Globalization.CultureInfo.InvariantCulture)))]);

    private Task<TestEdge> StartAsync(string[] directories) => TestEdge.StartAsync(
        options =>
        {
            options.CertificatePath = Path.Combine(directories[0], "tls.crt");
            options.CertificateKeyPath = Path.Combine(directories[0], "tls.key");
            foreach (var directory in directories[1..])
            {
                options.Certificates.Add(new SmtpCertificateOptions { Path = Path.Combine(directory, "tls.crt"), KeyPath = Path.Combine(directory, "tls.key") });
            }
        },
        _time,
        _log);
}
