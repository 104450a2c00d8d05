using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Messaging.Bundles;
using MailPace.Messaging.Jobs;
using MailPace.Messaging.Topology;
using MailPace.Smtp.Tests.Sinks;
using MailPace.Storage.History;
using MailPace.Storage.Migrations;
using MailPace.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;

namespace MailPace.Deliver.Tests;

/// <summary>The function on a real nats-server and PostgreSQL, with a scripted remote, and a projection of EVENTS that also tells the test.</summary>
public sealed class DeliverPlatform : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<EmailEvent> _events = [];
    private readonly List<(Func<EmailEvent, bool> Matches, TaskCompletionSource<EmailEvent> Found)> _waiting = [];
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _replies = new();
    private readonly ScriptedSink _sink = new();
    private NatsServer _nats = null!;
    private PostgresServer _postgres = null!;
    private Task _projecting = Task.CompletedTask;
    private long _lastId = 1000;

    public WebApplication App { get; private set; } = null!;

    internal DeliverHandler Handler => App.Services.GetRequiredService<DeliverHandler>();

    internal ScriptedSink Sink => _sink;

    /// <summary>All is there but the function itself: it doesn't consume before <see cref="StartFunctionAsync"/>.</summary>
    public static async Task<DeliverPlatform> PrepareAsync(params (string Key, string Value)[] settings)
    {
        var platform = new DeliverPlatform
        {
            _nats = await NatsServer.StartAsync(),
            _postgres = await PostgresServer.StartAsync(),
        };
        platform._sink.Script = platform.Answer;
        platform.App = platform.Build(await platform._postgres.CreateDatabaseAsync(), settings);
        await platform.App.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        await platform.App.Services.GetRequiredService<TopologyKeeper>().EnsureAsync(CancellationToken.None);
        platform._projecting = platform.ProjectAsync();
        return platform;
    }

    public WebApplication Build(string postgres, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Nats:Url"] = _nats.Url,
            ["Nats:AckWait"] = "00:00:02",
            ["Postgres:ConnectionString"] = postgres,
            ["Delivery:Sandbox:Port"] = _sink.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Smtp:HeloName"] = "mta.example",
            ["Retry:Gaps:0"] = "00:00:01",
            ["Retry:Classes:Greylisted:0"] = "00:00:01",
            ["Retry:Jitter"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(static each => KeyValuePair.Create<string, string?>(each.Key, each.Value)));
        builder.Services.AddDeliver();
        var app = builder.Build();
        app.MapDeliver();
        return app;
    }

    public Task StartFunctionAsync() => App.StartAsync();

    /// <summary>What the remote says to RCPT for this address, in order; then it takes it.</summary>
    public void Script(string address, params string[] replies) => _replies[$"RCPT TO:<{address}>"] = new ConcurrentQueue<string>(replies);

    public JobPayload Job(params string[] recipients)
    {
        var id = Interlocked.Increment(ref _lastId);
        var content = Encoding.ASCII.GetBytes($"Message-ID: <{id}@example.com>\r\nSubject: hello\r\n\r\nbody\r\n");
        return new JobPayload(
            new DeliveryJob
            {
                EmailId = id,
                JobNumber = 0,
                Attempt = 1,
                OrganisationId = 1,
                DomainId = 1,
                AcceptedAt = TimeProvider.System.GetUtcNow(),
                ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(72),
                RecipientDomain = "example.net",
                Recipients = [.. recipients.Select((address, i) => new JobRecipient(i, address))],
                ReturnPath = "bounces+x@example.com",
                MessageId = $"<{id}@example.com>",
                Size = content.Length,
            },
            [content]);
    }

    public async Task<long> PublishAsync(JobPayload job)
    {
        await App.Services.GetRequiredService<JobPublisher>().PublishAsync(job);
        return job.Job.EmailId;
    }

    /// <summary>Takes the job as a process does that is killed afterwards: it's never answered.</summary>
    public async Task TakeAndForgetAsync()
    {
        var consumer = await App.Services.GetRequiredService<INatsJSContext>().GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer);
        Assert.NotNull(await consumer.NextAsync<byte[]>());
    }

    /// <summary>Waits until a scheduled attempt is due, and takes it.</summary>
    public async Task<DeliveryJob> TakeScheduledAsync()
    {
        var consumer = await App.Services.GetRequiredService<INatsJSContext>().GetConsumerAsync(Streams.Jobs, Streams.DeliverConsumer);
        while (await consumer.NextAsync<byte[]>() is { } message)
        {
            if (message.Metadata!.Value.NumDelivered == 1)
            {
                return JobCodec.Read(message.Data).Job;
            }
        }

        throw new InvalidOperationException("Nothing became due.");
    }

    /// <summary>As after a power cut: JOBS is gone whole, with the ids that its dedup window knew.</summary>
    public async Task LoseJobsAsync()
    {
        await App.Services.GetRequiredService<INatsJSContext>().DeleteStreamAsync(Streams.Jobs);
        await App.Services.GetRequiredService<TopologyKeeper>().EnsureAsync(CancellationToken.None);
    }

    /// <summary>Waits until an event is durable and projected.</summary>
    public Task<EmailEvent> EventAsync(long emailId, EmailEventKind kind, int attempt)
    {
        bool Matches(EmailEvent each) => each.EmailId == emailId && each.Kind == kind && each.Attempt == attempt;
        lock (_events)
        {
            if (_events.Find(Matches) is { } known)
            {
                return Task.FromResult(known);
            }

            var found = new TaskCompletionSource<EmailEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((Matches, found));
            return found.Task.WaitAsync(Patience);
        }
    }

    public IReadOnlyList<EmailEvent> EventsOf(long emailId)
    {
        lock (_events)
        {
            return [.. _events.Where(each => each.EmailId == emailId)];
        }
    }

    public int CopiesOf(long emailId) => _sink.Messages.Count(message => Encoding.ASCII.GetString(message).StartsWith($"Message-ID: <{emailId}@example.com>", StringComparison.Ordinal));

    /// <summary>Waits until JOBS holds nothing of the email: each of its jobs was answered.</summary>
    public async Task NothingLeftAsync(long emailId)
    {
        var inspector = App.Services.GetRequiredService<JobInspector>();
        using var limit = new CancellationTokenSource(Patience);
        while (await inspector.HoldsAnyAsync(emailId, 0, limit.Token))
        {
            await Task.Delay(50, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _projecting;
        await App.StopAsync();
        await App.DisposeAsync();
        await _sink.DisposeAsync();
        await _nats.DisposeAsync();
        await _postgres.DisposeAsync();
        _stop.Dispose();
    }

    private string? Answer(string command) => _replies.TryGetValue(command, out var replies) && replies.TryDequeue(out var reply) ? reply : null;

    private async Task ProjectAsync()
    {
        var jetStream = App.Services.GetRequiredService<INatsJSContext>();
        var projection = App.Services.GetRequiredService<Projection>();
        var name = Streams.Events(0);
        try
        {
            var stream = await jetStream.GetStreamAsync(name, cancellationToken: _stop.Token);
            var cursor = await App.Services.GetRequiredService<ProjectionCursors>().ReadOrCreateAsync(name, stream.Info.Created, _stop.Token);
            var at = cursor.Sequence;
            var consumer = await jetStream.CreateOrderedConsumerAsync(name, cancellationToken: _stop.Token);
            await foreach (var message in consumer.ConsumeAsync<byte[]>(cancellationToken: _stop.Token))
            {
                EmailEvent[] events = [.. Bundle.Read(message.Data).Select(item => JsonSerializer.Deserialize(item.Metadata.Span, ContractsJsonContext.Default.EmailEvent)!)];
                var sequence = (long)message.Metadata!.Value.Sequence.Stream;
                await projection.ApplyEventsAsync(new ProjectedRange(name, at, sequence), events, _stop.Token);
                at = sequence;
                Tell(events);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private void Tell(EmailEvent[] events)
    {
        lock (_events)
        {
            _events.AddRange(events);
            foreach (var (matches, found) in _waiting)
            {
                if (Array.Find(events, each => matches(each)) is { } wanted)
                {
                    found.TrySetResult(wanted);
                }
            }
        }
    }
}
