using System.Diagnostics;
using MailPace.Bench.Load;
using MailPace.Bench.Measuring;
using MailPace.Bench.Reporting;
using MailPace.Bench.Sinks;
using MailPace.Bench.Systems;

namespace MailPace.Bench;

/// <summary>
/// One domain with 200 endpoints, of which 20 never answer. Each email is two events, queued and delivered, to each endpoint. The rate is that of a
/// burst, the latency that of a steady 2,000 events a second to all of them; both of the endpoints that answer.
/// </summary>
internal sealed class WebhookScenario(double scale, string directory)
{
    private const int Answering = 180;
    private const int Hanging = 20;
    private const int EventsPerEmail = 2;
    private const int PostsPerEmail = EventsPerEmail * Answering;
    private const double SteadyEvents = 2_000;

    public async Task<Measurement> RunAsync()
    {
        await using var mail = await SmtpSinkProcess.StartAsync();
        await using var hooks = await HookSink.StartAsync();
        await using var running = await MailPaceSystem.StartAsync(directory, new SystemForm(mail.EndPoint) { Settings = [("Webhooks:AllowedNetworks", "127.0.0.0/8")] });
        await AddEndpointsAsync(running, hooks.Url);
        var load = new HttpLoad(running.Http, new BenchMessage(running.SenderDomain, 5 * 1024), running.Token);
        await SendAsync(load, hooks, Math.Max(10, (int)(100 * scale)));
        hooks.TakeAges();

        using var usage = new Usage(running.Processes);
        var emails = Math.Max(10, (int)(150 * scale));
        var clock = Stopwatch.StartNew();
        await SendAsync(load, hooks, emails);
        var rate = emails * PostsPerEmail / clock.Elapsed.TotalSeconds;
        var (cpu, peak) = await usage.StopAsync();

        hooks.TakeAges();
        var perSecond = SteadyEvents / (EventsPerEmail * (Answering + Hanging));
        var steady = Math.Max(10, (int)(perSecond * 20 * Math.Min(1, scale)));
        var before = hooks.Hooks;
        await load.PacedAsync(2, steady, perSecond, static (_, _) => { });
        await hooks.ReachAsync(before + (steady * PostsPerEmail), TimeSpan.FromMinutes(2));
        var ages = hooks.TakeAges();
        return new Measurement
        {
            Scenario = "webhooks",
            System = running.Name,
            Rate = rate,
            P50Ms = Percentile.Of(ages, 0.5),
            P99Ms = Percentile.Of(ages, 0.99),
            CpuSecondsPer1000 = cpu / (emails * PostsPerEmail) * 1000,
            PeakMb = peak,
            Sent = emails * PostsPerEmail,
            Received = emails * PostsPerEmail,
            Durability = running.Durability,
        };
    }

    private static async Task SendAsync(HttpLoad load, HookSink hooks, int emails)
    {
        var before = hooks.Hooks;
        await load.RunAsync(8, emails);
        await hooks.ReachAsync(before + (emails * PostsPerEmail), TimeSpan.FromMinutes(5));
    }

    private static async Task AddEndpointsAsync(MailPaceSystem running, string url)
    {
        await Parallel.ForAsync(0, Answering + Hanging, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (number, _) =>
            await running.CommandAsync("webhooks", "add", running.SenderDomain, number < Hanging ? $"{url}/hang/{number}" : $"{url}/{number}"));

        // The queues open within a second; what was accepted before isn't told.
        await Task.Delay(TimeSpan.FromSeconds(5));
    }
}
