using MailPace.Contracts;
using MailPace.Messaging.Ids;
using MailPace.Messaging.Publishing;
using MailPace.Messaging.Tests.Server;
using NATS.Client.KeyValueStore;

namespace MailPace.Messaging.Tests.Ids;

public sealed class EmailIdsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_FromManyProcessesAtOnce_NeverRepeatsAndBeginsAtOne()
    {
        await using var host = await MessagingHost.StartAsync();
        var processes = Enumerable.Range(0, 4).Select(_ => new EmailIds(new EmailIdCounter(host.JetStream))).ToArray();

        var ids = await Task.WhenAll(Enumerable.Range(0, 6000).Select(index => Task.Run(() => processes[index % processes.Length].NextAsync(Stop).AsTask())));

        Assert.Equal(6000, ids.Distinct().Count());
        Assert.Equal(1, ids.Min());
        Assert.InRange(ids.Max(), 6000, 12000);
        Assert.All(processes, static process => process.Dispose());
    }

    [Fact]
    public async Task Next_WithoutCounter_IsRefusedUntilThereIsOne()
    {
        await using var host = await MessagingHost.StartAsync();
        await (await new NatsKVContext(host.JetStream).GetStoreAsync(Streams.Counters, Stop)).DeleteAsync("email-id", cancellationToken: Stop);
        using var ids = new EmailIds(new EmailIdCounter(host.JetStream));

        await Assert.ThrowsAsync<NotDurableException>(() => ids.NextAsync(Stop).AsTask());
        await host.Get<EmailIdCounter>().RaiseAsync(4711, Stop);

        Assert.Equal(4711, await ids.NextAsync(Stop));
    }

    [Fact]
    public async Task Raise_BelowTheCounter_ChangesNothing()
    {
        await using var host = await MessagingHost.StartAsync();
        var counter = host.Get<EmailIdCounter>();

        await counter.RaiseAsync(50, Stop);
        await counter.RaiseAsync(20, Stop);

        Assert.Equal(50, await counter.ReadAsync(Stop));
    }
}
