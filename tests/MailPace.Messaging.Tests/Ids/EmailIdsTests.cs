using MailPace.Messaging.Ids;
using MailPace.Messaging.Tests.Server;
using NATS.Client.JetStream;

namespace MailPace.Messaging.Tests.Ids;

public sealed class EmailIdsTests
{
    [Fact]
    public async Task Next_FromManyProcessesAtOnce_NeverRepeatsAndBeginsAtOne()
    {
        await using var host = await MessagingHost.StartAsync();
        var processes = Enumerable.Range(0, 4).Select(_ => new EmailIds(host.Get<INatsJSContext>())).ToArray();

        var ids = await Task.WhenAll(Enumerable.Range(0, 6000).Select(index => Task.Run(() => processes[index % processes.Length].NextAsync(TestContext.Current.CancellationToken).AsTask())));

        Assert.Equal(6000, ids.Distinct().Count());
        Assert.Equal(1, ids.Min());
        Assert.InRange(ids.Max(), 6000, 12000);
        Assert.All(processes, static process => process.Dispose());
    }
}
