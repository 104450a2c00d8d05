using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Mail.Submission;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Topology;
using MailPace.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Send.Tests.Harness;

/// <summary>The function on real Kestrel with a real nats-server.</summary>
public sealed class SendPlatform : IAsyncDisposable
{
    private static long _lastId;

    private readonly WebApplication _app;

    private SendPlatform(WebApplication app, CapturedLogs logs)
    {
        _app = app;
        Logs = logs;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public CapturedLogs Logs { get; }

    public HttpClient Http { get; }

    public DirectoryCache Directory => _app.Services.GetRequiredService<DirectoryCache>();

    public DirectoryWriter Writer => _app.Services.GetRequiredService<DirectoryWriter>();

    public static async Task<SendPlatform> StartAsync(NatsServer nats, params (string Name, string Value)[] settings)
    {
        var logs = new CapturedLogs();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Append(("Nats:Url", nats.Url)).ToDictionary(static setting => setting.Item1, static setting => (string?)setting.Item2));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        Function.Handler.MapServices(builder.Services);
        var app = builder.Build();
        Function.Handler.MapEndpoints(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<TopologyKeeper>().Ready.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<EmailIdCounter>().RaiseAsync(1, TestContext.Current.CancellationToken);
        var platform = new SendPlatform(app, logs);
        await Eventually.TrueAsync(() => platform.Directory.IsReady, "the directory's first snapshot");
        return platform;
    }

    public async Task<Account> CreateAccountAsync(
        OrganisationStatus status = OrganisationStatus.Active, bool isVerified = true, Func<long, string>? domainName = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var id = Interlocked.Increment(ref _lastId);
        var account = new Account(id, domainName?.Invoke(id) ?? $"d{id}.example", TokenSecret.Generate());
        await Writer.PutOrganisationAsync(new() { Id = id, Name = "Test", Status = status }, cancellationToken);
        await Writer.PutDomainAsync(new() { Id = id, OrganisationId = id, Name = account.Domain, DkimVerified = isVerified, AdvancedVerified = false }, cancellationToken);
        await Writer.PutTokenAsync(account.SecretHash, new() { Id = id, OrganisationId = id, DomainId = id, Name = "Test" }, cancellationToken);
        await Eventually.TrueAsync(() => Directory.FindToken(account.SecretHash) is not null, "the new token");
        return account;
    }

    /// <summary>A request that would be accepted, with changes.</summary>
    public static Dictionary<string, object?> Email(Account account, params (string Field, object? Value)[] changes)
    {
        var email = new Dictionary<string, object?>
        {
            ["from"] = account.From,
            ["to"] = "to@recipient.example",
            ["subject"] = "Subject",
            ["textbody"] = "Text",
        };
        foreach (var (field, value) in changes)
        {
            email[field] = value;
        }

        return email;
    }

    public Task<ApiAnswer> SendAsync(Account account, params (string Field, object? Value)[] changes)
        => PostAsync(JsonSerializer.Serialize(Email(account, changes)), [("MailPace-Server-Token", account.Token)]);

    public Task<ApiAnswer> PostAsync(string json, (string Name, string Value)[] headers, string path = "/api/v1/send")
    {
        var content = new StringContent(json, Encoding.UTF8);
        content.Headers.ContentType = new("application/json");
        return PostAsync(content, headers, path);
    }

    public async Task<ApiAnswer> PostAsync(HttpContent content, (string Name, string Value)[] headers, string path = "/api/v1/send")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await SendRawAsync(request);
    }

    public async Task<ApiAnswer> SendRawAsync(HttpRequestMessage request)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var response = await Http.SendAsync(request, cancellationToken);
        return new ApiAnswer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(cancellationToken),
            response.Content.Headers.ContentType?.ToString(),
            response.Headers.RetryAfter?.Delta,
            [.. response.Headers.Select(static header => header.Key)]);
    }

    /// <summary>Reads an email back from MAIL, and its message from the blob store where it's there.</summary>
    public async Task<StoredEmail> ReadAsync(long id)
        => (await ReadAllAsync()).Single(email => email.Facts.Id == id);

    public async Task<IReadOnlyList<StoredEmail>> ReadAllAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var jetStream = _app.Services.GetRequiredService<INatsJSContext>();
        var stream = await jetStream.GetStreamAsync(Streams.Mail(0), cancellationToken: cancellationToken);
        var emails = new List<StoredEmail>();
        for (var sequence = stream.Info.State.FirstSeq; sequence <= stream.Info.State.LastSeq && stream.Info.State.Messages > 0; sequence++)
        {
            var response = await stream.GetAsync(new StreamMsgGetRequest { Seq = sequence }, cancellationToken);
            foreach (var item in Bundle.Read(response.Message.Data))
            {
                emails.Add(await ReadAsync(item, cancellationToken));
            }
        }

        return emails;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<StoredEmail> ReadAsync(BundleItem item, CancellationToken cancellationToken)
    {
        var facts = JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.AcceptedEmail)!;
        Assert.Equal(item.EmailId, facts.Id);
        if (facts.BlobKey is not { } key)
        {
            return new StoredEmail(facts, item.Body.ToArray());
        }

        Assert.True(item.Body.IsEmpty, string.Create(CultureInfo.InvariantCulture, $"Email {facts.Id} is in the blob store and in the bundle."));
        var blob = new MemoryStream();
        await _app.Services.GetRequiredService<BlobStore>().CopyToAsync(key, blob, cancellationToken);
        return new StoredEmail(facts, blob.ToArray());
    }
}
