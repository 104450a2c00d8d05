using System.Net;
using MailPace.Hosting.Configuration;
using MailPace.Hosting.Secrets;
using MailPace.Messaging.Connection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.Hosting.Tests;

public sealed class ApplicationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void CreateBuilder_InAnyWorkingDirectory_WatchesItsOwnFolderOnly()
        => Assert.Equal(AppContext.BaseDirectory, MailPaceApplication.CreateBuilder("test", Settings()).Environment.ContentRootPath);

    [Fact]
    public async Task Health_ProcessWithoutDependencies_IsReadyAndMeasured()
    {
        await using var app = await StartAsync([], static _ => { });
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal("OK", await http.GetStringAsync(new Uri("/_/health", UriKind.Relative), Cancel));
        Assert.Equal("""{"status":"ok","checks":{"process":"ok"}}""", await http.GetStringAsync(new Uri("/_/ready", UriKind.Relative), Cancel));
        Assert.Contains("# TYPE", await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_NatsIsDown_Is503AndNamesIt()
    {
        await using var app = await StartAsync([("Nats:Url", "nats://127.0.0.1:1")], static services => services.AddMessaging());
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var ready = await http.GetAsync(new Uri("/_/ready", UriKind.Relative), Cancel);
        using var health = await http.GetAsync(new Uri("/health", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, health.StatusCode);
        Assert.Contains("\"jetstream\":\"", await ready.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("OK", await http.GetStringAsync(new Uri("/_/health", UriKind.Relative), Cancel));
    }

    [Fact]
    public async Task Stop_WithDrainDelay_ServesOnWhileNotReady()
    {
        var time = new FakeTimeProvider();
        await using var app = await StartAsync([("Drain:Delay", "00:00:05")], services => services.AddSingleton<TimeProvider>(time));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var stopping = app.StopAsync(Cancel);
        using (var ready = await http.GetAsync(new Uri("/_/ready", UriKind.Relative), Cancel))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("/_/health", UriKind.Relative), Cancel));
    }

    [Fact]
    public async Task Run_ToldToStopWhileItStarts_EndsWithoutAFailure()
    {
        var builder = MailPaceApplication.CreateBuilder("test", Settings(("Http:Url", "http://127.0.0.1:0")));
        builder.Services.AddHostedService<ToldToStop>();
        var app = builder.Build();
        app.MapMailPace();

        Assert.Equal(0, await app.RunMailPaceAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    [Fact]
    public void Start_SeveralMistakes_AreReportedTogether()
    {
        var builder = MailPaceApplication.CreateBuilder("test", Settings(("Http:Url", "ftp://x"), ("Drain:Timeout", "00:00:00"), ("Secrets:Directory", "/nowhere")));
        builder.Services.RequireSecret(SecretDefinitions.DkimKek).RequireSecret(SecretDefinitions.ReturnPathKey);
        using var services = builder.Services.BuildServiceProvider();

        var failure = Assert.Throws<AggregateException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        var words = string.Join('\n', failure.InnerExceptions.Cast<OptionsValidationException>().SelectMany(invalid => invalid.Failures));

        Assert.Contains("ftp://x", words, StringComparison.Ordinal);
        Assert.Contains("Timeout", words, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32 > /nowhere/dkim-kek", words, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32 > /nowhere/return-path-key", words, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ValuesThatDoNotParse_AreReportedBesideTheOtherMistakes()
    {
        var builder = MailPaceApplication.CreateBuilder("test", Settings(
            ("Log:Level", "loud"), ("Http:Url", "ftp://x"), ("Nats:Partitions", "many"), ("Nats:AckWait", "a while"), ("Nats:Replicas", "9"), ("Start:Migrate", "maybe")));
        builder.Services.AddMessaging();
        using var services = builder.Services.BuildServiceProvider();

        var failure = Assert.Throws<AggregateException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        var words = StartFailure.Reasons(failure);

        Assert.Contains(words, static each => each.StartsWith("Log:Level: 'loud' is not one of Verbose, Debug, Information", StringComparison.Ordinal));
        Assert.Contains(words, static each => each.Contains("ftp://x", StringComparison.Ordinal));
        Assert.Contains("Nats:Partitions: 'many' is not a whole number, or it is out of range (environment: MAILPACE__Nats__Partitions)", words);
        Assert.Contains("Nats:AckWait: 'a while' is not a duration such as 00:01:30 or 2.00:00:00 (environment: MAILPACE__Nats__AckWait)", words);
        Assert.Contains(words, static each => each.StartsWith("Nats:Replicas: ", StringComparison.Ordinal));
        Assert.Contains("Start:Migrate: 'maybe' is not true or false (environment: MAILPACE__Start__Migrate)", words);
        Assert.Equal(6, words.Count);
    }

    [Theory]
    [InlineData("c2hvcnQ=")]
    [InlineData("no base64!")]
    public void Read_SecretIsUnusable_SaysHowToMakeIt(string content)
    {
        var directory = Directory.CreateTempSubdirectory("mailpace-secrets-").FullName;
        File.WriteAllText(Path.Combine(directory, "dkim-kek"), content);
        var files = new SecretFiles(Options.Create(new SecretsOptions { Directory = directory }));

        var failure = Assert.Throws<SecretMissingException>(() => files.Read(SecretDefinitions.DkimKek));
        Assert.Contains("openssl rand", failure.Message, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Read_SecretWithLineEnd_IsDecoded()
    {
        var directory = Directory.CreateTempSubdirectory("mailpace-secrets-").FullName;
        var secret = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        File.WriteAllText(Path.Combine(directory, "dkim-kek"), Convert.ToBase64String(secret) + "\n");

        Assert.Equal(secret, new SecretFiles(Options.Create(new SecretsOptions { Directory = directory })).Read(SecretDefinitions.DkimKek));
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Starts for as long as nobody ends it; and someone does.</summary>
    private sealed class ToldToStop(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static async Task<WebApplication> StartAsync((string Name, string Value)[] settings, Action<IServiceCollection> add)
    {
        var builder = MailPaceApplication.CreateBuilder("test", Settings([("Http:Url", "http://127.0.0.1:0"), .. settings]));
        add(builder.Services);
        var app = builder.Build();
        app.MapMailPace();
        await app.StartAsync(Cancel);
        return app;
    }

    private static Dictionary<string, string?> Settings(params (string Name, string Value)[] settings)
        => settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value);
}
