using System.Security.Cryptography;
using System.Text;
using MailPace.Contracts;
using MailPace.Contracts.Directory;
using MailPace.Hosting;
using MailPace.Mail.Dkim;
using MailPace.Mail.Sealing;
using MailPace.Messaging.Blobs;
using MailPace.Messaging.Consuming;
using MailPace.Messaging.Directory;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Topology;
using MailPace.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Sign.Tests;

/// <summary>The function <c>sign</c> on a real nats-server, and what stands before and behind it.</summary>
internal sealed class SignProcess : IAsyncDisposable
{
    private readonly NatsServer server;
    private readonly string secrets;
    private readonly byte[] keyEncryptionKey = RandomNumberGenerator.GetBytes(32);
    private WebApplication app;
    private SignWorker? worker;

    private SignProcess(NatsServer server, string secrets, WebApplication app)
    {
        this.server = server;
        this.secrets = secrets;
        this.app = app;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SignProcess> StartAsync()
    {
        var process = await PrepareAsync();
        await process.StartWorkerAsync();
        return process;
    }

    /// <summary>All is there but the worker: nothing is signed before <see cref="StartWorkerAsync"/>.</summary>
    public static async Task<SignProcess> PrepareAsync()
    {
        var server = await NatsServer.StartAsync();
        var secrets = Directory.CreateTempSubdirectory("mailpace-sign-").FullName;
        var process = new SignProcess(server, secrets, null!);
        await File.WriteAllTextAsync(Path.Combine(secrets, "dkim-kek"), Convert.ToBase64String(process.keyEncryptionKey), Cancel);
        await File.WriteAllTextAsync(Path.Combine(secrets, "return-path-key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancel);
        var builder = MailPaceApplication.CreateBuilder("sign", new Dictionary<string, string?>
        {
            ["Nats:Url"] = server.Url,
            ["Http:Url"] = "http://127.0.0.1:0",
            ["Secrets:Directory"] = secrets,
            ["ReturnPath:Host"] = "bounces.platform.example",
            ["Nats:AckWait"] = "00:00:02",
        });
        builder.Services.AddSign();
        builder.Services.Remove(Assert.Single(builder.Services, static service => service.ImplementationType == typeof(SignWorker)));
        process.app = builder.Build();
        process.app.MapMailPace();
        await process.app.StartAsync(Cancel);
        await process.Get<TopologyKeeper>().Ready.WaitAsync(Cancel);
        return process;
    }

    public T Get<T>()
        where T : notnull
        => app.Services.GetRequiredService<T>();

    public Task StartWorkerAsync()
    {
        worker = ActivatorUtilities.CreateInstance<SignWorker>(app.Services);
        return worker.StartAsync(Cancel);
    }

    /// <summary>Gives the domain new keys, its only ones; the selectors begin with <paramref name="round"/>.</summary>
    public async Task AddDomainAsync(long id, string name, string round = "")
    {
        using var vault = new KeyVault(keyEncryptionKey);
        DkimKeyEntry Seal(string selector, DkimKeyPair pair) => new()
        {
            Selector = selector,
            Algorithm = pair.Algorithm,
            PublicKey = pair.PublicKey,
            SealedPrivateKey = vault.Seal(pair.Pkcs8, SealingContext.DkimKey(name, selector)),
        };
        var keys = new DkimKeysEntry { DomainId = id, Domain = name, Keys = [Seal(round + "rsa", DkimKeyPair.GenerateRsa()), Seal(round + "ed", DkimKeyPair.GenerateEd25519())] };
        await Get<DirectoryWriter>().PutDkimKeysAsync(keys, Cancel);
        while (Get<DirectoryCache>().FindDkimKeys(id)?.Keys[0].Selector != round + "rsa")
        {
            await Task.Delay(20, Cancel); // until the watch has brought it
        }

    }

    public Task<StoredAt> PublishAsync(AcceptedEmail email, string mime) => Get<MailPublisher>().PublishAsync(email, Encoding.UTF8.GetBytes(mime));

    public Task PutBlobAsync(string key, string mime) => Get<BlobStore>().PutAsync(key, Encoding.UTF8.GetBytes(mime));

    /// <summary>Waits for so many jobs to deliver.</summary>
    public async Task<IReadOnlyList<JobPayload>> TakeJobsAsync(int count)
    {
        var consumer = await Get<INatsJSContext>().GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer, Cancel);
        var jobs = new List<JobPayload>();
        await foreach (var message in consumer.ConsumeAsync<byte[]>(cancellationToken: Cancel))
        {
            jobs.Add(JobCodec.Read(message.Data));
            await message.AckAsync(cancellationToken: Cancel);
            if (jobs.Count == count)
            {
                break;
            }
        }

        return jobs;
    }

    /// <summary>Runs the next bundle as a process does that is killed before it acknowledges: it's delivered again after the ack wait.</summary>
    public async Task SignAndForgetAsync()
    {
        var consumer = await Get<INatsJSContext>().GetConsumerAsync(Streams.Mail(0), Streams.SignConsumer, Cancel);
        var message = (await consumer.NextAsync<byte[]>(cancellationToken: Cancel))!;
        var metadata = message.Metadata!.Value;
        var consumed = new ConsumedMessage(message.Subject, message.Data, message.Headers, (long)metadata.Sequence.Stream, (long)metadata.NumDelivered, TimeProvider.System.GetTimestamp(), MayBeRepeat: false);
        Assert.Equal(JobOutcome.Done, await Get<BundleHandler>().HandleAsync(0, consumed, Cancel));
    }

    /// <summary>Returns when each bundle is acknowledged.</summary>
    public async Task AllSignedAsync()
    {
        var consumer = await Get<INatsJSContext>().GetConsumerAsync(Streams.Mail(0), Streams.SignConsumer, Cancel);
        do
        {
            await Task.Delay(50, Cancel);
            await consumer.RefreshAsync(Cancel);
        }
        while (consumer.Info.NumPending > 0 || consumer.Info.NumAckPending > 0);
    }

    /// <summary>How many messages JOBS has ever stored.</summary>
    public Task<long> JobsStoredAsync() => Get<JobInspector>().LastSequenceAsync(Streams.Jobs, Cancel);

    /// <summary>As after a power cut: JOBS is gone whole, with the ids that its dedup window knew.</summary>
    public async Task LoseJobsAsync()
    {
        await Get<INatsJSContext>().DeleteStreamAsync(Streams.Jobs, Cancel);
        await Get<TopologyKeeper>().EnsureAsync(Cancel);
    }

    /// <summary>Waits for a dead letter and gives its reason.</summary>
    public async Task<string> TakeDeadLetterAsync()
    {
        var consumer = await Get<INatsJSContext>().CreateOrUpdateConsumerAsync(Streams.Dead, new ConsumerConfig("test") { AckPolicy = ConsumerConfigAckPolicy.Explicit }, Cancel);
        await foreach (var message in consumer.ConsumeAsync<byte[]>(cancellationToken: Cancel))
        {
            return message.Headers!["MailPace-Reason"].ToString();
        }

        throw new InvalidOperationException("The consumer ended.");
    }

    public async Task PublishRawAsync(byte[] payload)
        => (await Get<INatsJSContext>().PublishAsync(Subjects.Mail(0), payload, NatsRawSerializer<byte[]>.Default, cancellationToken: Cancel)).EnsureSuccess();

    public async ValueTask DisposeAsync()
    {
        if (worker is not null)
        {
            await worker.StopAsync(CancellationToken.None);
            worker.Dispose();
        }

        await app.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(secrets, recursive: true);
    }
}
