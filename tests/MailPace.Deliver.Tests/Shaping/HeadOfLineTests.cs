using System.Net;
using System.Net.Sockets;
using MailPace.Contracts;
using MailPace.Messaging.Jobs;

namespace MailPace.Deliver.Tests.Shaping;

/// <summary>A destination that answers nothing and one that isn't there, each with a long queue, beside one that is well.</summary>
public sealed class HeadOfLineTests
{
    private const int Stuck = 10_000;
    private const int Healthy = 400;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TarpitAndDeadHost_DelayNobodyElse()
    {
        using var tarpit = new TcpListener(IPAddress.Parse("127.0.0.2"), 0);
        using var gone = new TcpListener(IPAddress.Parse("127.0.0.3"), 0);
        tarpit.Start();
        gone.Start();
        var goneAt = ((IPEndPoint)gone.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        gone.Stop();
        await using var platform = await DeliverPlatform.PrepareAsync(
            ("Retry:Gaps:0", "01:00:00"),
            ("Delivery:Routes:0:Domain", "tarpit.example"),
            ("Delivery:Routes:0:Host", "127.0.0.2"),
            ("Delivery:Routes:0:Port", ((IPEndPoint)tarpit.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("Delivery:Routes:1:Domain", "gone.example"),
            ("Delivery:Routes:1:Host", "127.0.0.3"),
            ("Delivery:Routes:1:Port", goneAt));
        await platform.StartFunctionAsync();
        await LatenciesAsync(platform); // the code is compiled, the connections are open

        var (alone, aloneRate) = await LatenciesAsync(platform);
        var stuck = PublishStuckAsync(platform);
        var (meanwhile, meanwhileRate) = await LatenciesAsync(platform);
        await stuck;
        var (beside, besideRate) = await LatenciesAsync(platform);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"p99 alone {alone.TotalMilliseconds:F0} ms at {aloneRate:F0}/s; while {Stuck} jobs come {meanwhile.TotalMilliseconds:F0} ms at {meanwhileRate:F0}/s; beside them {beside.TotalMilliseconds:F0} ms at {besideRate:F0}/s");
        Assert.InRange(beside, TimeSpan.Zero, alone + TimeSpan.FromSeconds(1));
        Assert.InRange(besideRate, aloneRate * 0.7, double.MaxValue); // 0.9 on a quiet machine
    }

    private static async Task PublishStuckAsync(DeliverPlatform platform)
        => await Parallel.ForEachAsync(
            Enumerable.Range(0, Stuck + (Stuck / 10)),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Token },
            async (number, _) => await platform.PublishAsync(To(platform, number < Stuck ? "tarpit.example" : "gone.example")));

    /// <summary>Sends at a steady rate.</summary>
    /// <returns>The p99 from the job to its outcome, and the rate of outcomes.</returns>
    private static async Task<(TimeSpan Latency, double Rate)> LatenciesAsync(DeliverPlatform platform)
    {
        var started = TimeProvider.System.GetUtcNow();
        List<(DateTimeOffset At, long Id)> sent = [];
        for (var i = 0; i < Healthy; i++)
        {
            var job = To(platform, "healthy.example");
            sent.Add((TimeProvider.System.GetUtcNow(), job.Job.EmailId));
            await platform.PublishAsync(job);
            if (i % 4 == 3)
            {
                await Task.Delay(20, Token);
            }
        }

        List<TimeSpan> latencies = [];
        var last = started;
        foreach (var (at, id) in sent)
        {
            var outcome = await platform.EventAsync(id, EmailEventKind.Attempted, 1);
            latencies.Add(outcome.At - at);
            last = outcome.At > last ? outcome.At : last;
        }

        latencies.Sort();
        return (latencies[(int)(Healthy * 0.99)], Healthy / (last - started).TotalSeconds);
    }

    private static JobPayload To(DeliverPlatform platform, string domain)
    {
        var payload = platform.Job("a@" + domain);
        return payload with { Job = payload.Job with { RecipientDomain = domain } };
    }
}
