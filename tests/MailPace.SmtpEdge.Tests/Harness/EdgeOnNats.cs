using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Mail.ReturnPaths;
using MailPace.Mail.Submission;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Topology;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using MailPace.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>The edge as the platform runs it, on a real nats-server of its own, with one organisation.</summary>
internal sealed class EdgeOnNats : IAsyncDisposable
{
    public const string Domain = "s.example";

    private readonly TestDirectory _directory;
    private readonly IHost _host;

    private EdgeOnNats(NatsServer nats, TestDirectory directory, IHost host) => (Nats, _directory, _host) = (nats, directory, host);

    public NatsServer Nats { get; }

    public string Token { get; } = TokenSecret.Generate();

    public SmtpServer Server => _host.Services.GetRequiredService<SmtpEdgeService>().Server;

    public DirectoryWriter Directory => _host.Services.GetRequiredService<DirectoryWriter>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<EdgeOnNats> StartAsync(params (string Key, string Value)[] settings)
    {
        var nats = await NatsServer.StartAsync();
        var directory = TestDirectory.Create();
        var tls = DevelopmentTls.Create(directory.Path);
        await File.WriteAllTextAsync(directory.Combine("return-path-key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Stop);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Nats:Url"] = nats.Url,
            ["SmtpEdge:HostName"] = "edge.example",
            ["SmtpEdge:CertificatePath"] = tls.CertificatePath,
            ["SmtpEdge:CertificateKeyPath"] = tls.KeyPath,
            ["SmtpEdge:Listeners:0:Address"] = "127.0.0.1",
            ["SmtpEdge:Listeners:0:Role"] = nameof(SmtpRole.Submission),
            ["SmtpEdge:Listeners:1:Address"] = "127.0.0.1",
            ["SmtpEdge:Listeners:1:Role"] = nameof(SmtpRole.Inbound),
            ["ReturnPath:Host"] = "bounces.example",
            ["InboundMx:FeedbackAddresses:0"] = "Reports@fbl.example",
            ["Secrets:Directory"] = directory.Path,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        builder.Services.AddSmtpEdge();
        var edge = new EdgeOnNats(nats, directory, builder.Build());
        await edge._host.Services.GetRequiredService<TopologyKeeper>().EnsureAsync(Stop);
        await edge._host.Services.GetRequiredService<EmailIdCounter>().RaiseAsync(1, Stop);
        await edge._host.StartAsync(Stop);
        await edge.PutAccountAsync(OrganisationStatus.Active, dkimVerified: true);
        return edge;
    }

    /// <summary>Puts the one account, and waits until intake knows it.</summary>
    public async Task PutAccountAsync(OrganisationStatus status, bool dkimVerified)
    {
        await Directory.PutOrganisationAsync(new OrganisationEntry { Id = 1, Name = "Org", Status = status }, Stop);
        await Directory.PutDomainAsync(new DomainEntry { Id = 2, OrganisationId = 1, Name = Domain, DkimVerified = dkimVerified, AdvancedVerified = false }, Stop);
        await Directory.PutTokenAsync(TokenSecret.Hash(Token), new TokenEntry { Id = 3, OrganisationId = 1, DomainId = 2, Name = "t" }, Stop);
        var cache = _host.Services.GetRequiredService<DirectoryCache>();
        await Eventually.TrueAsync(() => cache.FindToken(TokenSecret.Hash(Token)) is not null && cache.FindDomain(2)?.DkimVerified == dkimVerified && cache.FindOrganisation(1)?.Status == status);
    }

    /// <summary>Gives the account an inbound host, and waits until intake knows it.</summary>
    public async Task PutInboundEndpointAsync(string host, long id)
    {
        await Directory.PutInboundEndpointAsync(host, new InboundEndpointEntry { Id = id, OrganisationId = 1, DomainId = 2, Url = "https://hook.example/" }, Stop);
        var cache = _host.Services.GetRequiredService<DirectoryCache>();
        await Eventually.TrueAsync(() => cache.FindInboundEndpoint(host) is not null);
    }

    /// <summary>A return-path as <c>sign</c> issues it.</summary>
    public string ReturnPath(long emailId, int jobNumber) => _host.Services.GetRequiredService<ReturnPathIssuer>().Issue(emailId, jobNumber, "bounces.example");

    public async Task SuppressAsync(string address)
    {
        await Directory.PutSuppressionsAsync(SuppressionAction.Block, ListOwner.OfDomain(2), [address], Stop);
        var cache = _host.Services.GetRequiredService<DirectoryCache>();
        await Eventually.TrueAsync(() => cache.IsSuppressed(2, address));
    }

    /// <summary>A client that has authenticated.</summary>
    public async Task<RawClient> LogInAsync()
    {
        var client = await RawClient.ConnectAsync(Server.EndPoints[0].Address);
        await client.ReplyAsync();
        await client.AskAsync("EHLO c.example");
        await client.AskAsync("STARTTLS");
        await client.StartTlsAsync();
        await client.AskAsync("EHLO c.example");
        Assert.StartsWith("235", await client.AskAsync("AUTH PLAIN " + Plain(Token, Token)), StringComparison.Ordinal);
        return client;
    }

    public static string Plain(string userName, string password) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0{userName}\0{password}"));

    /// <summary>All that MAIL holds.</summary>
    public Task<IReadOnlyList<(AcceptedEmail Email, string Message)>> StoredAsync() => ReadAsync(Streams.Mail(0), ContractsJsonContext.Default.AcceptedEmail);

    /// <summary>All that INBOUND holds.</summary>
    public Task<IReadOnlyList<(InboundMessage Facts, string Message)>> InboundAsync() => ReadAsync(Streams.Inbound, ContractsJsonContext.Default.InboundMessage);

    public async Task<string> BlobAsync(string key)
    {
        using var content = new MemoryStream();
        await _host.Services.GetRequiredService<BlobStore>().CopyToAsync(key, content, Stop);
        return System.Text.Encoding.Latin1.GetString(content.ToArray());
    }

    /// <summary>Messages that the blob store takes, chunks included.</summary>
    public async Task<long> BlobMessagesAsync() =>
        (await _host.Services.GetRequiredService<INatsJSContext>().GetStreamAsync($"OBJ_{Streams.Blobs}", cancellationToken: Stop)).Info.State.Messages;

    public async Task<IReadOnlyList<string>> BlobKeysAsync()
    {
        var store = await new NatsObjContext(_host.Services.GetRequiredService<INatsJSContext>()).GetObjectStoreAsync(Streams.Blobs, Stop);
        var keys = new List<string>();
        await foreach (var blob in store.ListAsync(cancellationToken: Stop))
        {
            keys.Add(blob.Name);
        }

        return keys;
    }

    private async Task<IReadOnlyList<(T Facts, string Message)>> ReadAsync<T>(string name, JsonTypeInfo<T> type)
    {
        var stream = await _host.Services.GetRequiredService<INatsJSContext>().GetStreamAsync(name, cancellationToken: Stop);
        var emails = new List<(T, string)>();
        for (ulong sequence = 1; sequence <= (ulong)stream.Info.State.LastSeq; sequence++)
        {
            var message = await stream.GetAsync(new StreamMsgGetRequest { Seq = sequence }, Stop);
            foreach (var item in Bundle.Read(message.Message.Data))
            {
                emails.Add((System.Text.Json.JsonSerializer.Deserialize(item.Metadata.Span, type)!, System.Text.Encoding.Latin1.GetString(item.Body.Span)));
            }
        }

        return emails;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        await Nats.DisposeAsync();
        _directory.Dispose();
    }
}
