using System.Diagnostics;
using MailPace.Bench.Load;
using MailPace.Bench.Measuring;
using MailPace.Bench.Reporting;
using MailPace.Bench.Sinks;
using MailPace.Bench.Systems;

namespace MailPace.Bench;

/// <summary>What is measured. Every message is counted: one that was acknowledged and isn't there fails the run.</summary>
internal sealed class Scenarios(BenchOptions options)
{
    private const int MessageBytes = 5 * 1024;

    private int _number;

    public async Task<IReadOnlyList<Measurement>> RunAsync(string scenario, string system) => scenario switch
    {
        "accept-smtp-kept" => [await AcceptAsync(scenario, system, Messages(system, 30_000, 4_000), (running, message, count) => new SmtpLoad(running.ClearSmtp, false, message, running.Token).KeptAsync(options.Connections, count))],
        "accept-smtp-single" => [await AcceptAsync(scenario, system, Messages(system, 20_000, 2_500), (running, message, count) => new SmtpLoad(running.ClearSmtp, false, message, running.Token).SingleAsync(options.Connections, count))],
        "accept-smtp-single-tls" => [await AcceptAsync(scenario, system, Messages(system, 10_000, 2_500), (running, message, count) => new SmtpLoad(running.Smtp, true, message, running.Token).SingleAsync(options.Connections, count))],
        "accept-http" => [await AcceptAsync(scenario, system, Messages(system, 30_000, 0), (running, message, count) => new HttpLoad(running.Http!, message, running.Token!).RunAsync(options.Connections, count))],
        "end-to-end" => [await EndToEndAsync(scenario, system, Messages(system, 15_000, 1_500))],
        "deferred" => await DeferredAsync(system, Messages(system, 15_000, 0), Messages(system, 200_000, 0)),
        "webhooks" => [await new WebhookScenario(options.Scale, NewDirectory(system)).RunAsync()],
        _ => throw new ArgumentException($"Unknown scenario {scenario}."),
    };

    /// <summary>Can this system do it.</summary>
    public static bool Fits(string scenario, string system) => system switch
    {
        "mailpace" => true,
        "haraka" or "discard" => scenario is "accept-smtp-kept" or "accept-smtp-single",
        _ => scenario is not ("accept-http" or "deferred" or "webhooks"),
    };

    private int Messages(string system, int ours, int theirs) => Math.Max(100, (int)((system is "mailpace" or "discard" ? ours : theirs) * options.Scale));

    /// <summary>Before the clock starts: caches fill, and .NET compiles anew what is called often, which takes it some ten seconds of load.</summary>
    private int WarmUp(string system) => Messages(system, 12_000, 500);

    private string NewDirectory(string system)
    {
        var directory = Path.Combine(options.Directory, $"{system}-{_number++}");
        Directory.CreateDirectory(directory);
        return directory;
    }

    private async Task<RunningSystem> StartAsync(string system, SystemForm form)
    {
        var directory = NewDirectory(system);
        return system switch
        {
            "mailpace" => await MailPaceSystem.StartAsync(directory, form),
            "postfix" => await PostfixSystem.StartAsync(directory, form),
            "haraka" => await HarakaSystem.StartAsync(directory),
            "discard" => await DiscardingSystem.StartAsync(directory),
            _ => throw new ArgumentException($"Unknown system {system}."),
        };
    }

    private async Task<Measurement> AcceptAsync(string scenario, string system, int messages, Func<RunningSystem, BenchMessage, int, Task<LoadResult>> load)
    {
        await using var running = await StartAsync(system, SystemForm.AcceptOnly);
        var message = new BenchMessage(running.SenderDomain, MessageBytes);
        var warmUp = WarmUp(system);
        await load(running, message, warmUp);
        using var usage = new Usage(running.Processes);
        var result = await load(running, message, messages);
        var (cpu, peak) = await usage.StopAsync();
        var stored = await running.StoredAsync() - warmUp;
        return New(scenario, running, result.Rate, result.LatenciesMs, cpu, peak, result.Sent, stored);
    }

    private async Task<Measurement> EndToEndAsync(string scenario, string system, int messages)
    {
        await using var sink = await SmtpSinkProcess.StartAsync();
        await using var running = await StartAsync(system, new SystemForm(sink.EndPoint));
        var message = new BenchMessage(running.SenderDomain, MessageBytes);
        var load = new SmtpLoad(running.ClearSmtp, false, message, running.Token);
        var warmUp = WarmUp(system);
        await load.KeptAsync(options.Connections, warmUp);
        await sink.ReachAsync(warmUp, TimeSpan.FromMinutes(5));
        using var usage = new Usage(running.Processes);
        var clock = Stopwatch.StartNew();
        var result = await load.KeptAsync(options.Connections, messages);
        await sink.ReachAsync(warmUp + messages, TimeSpan.FromMinutes(10));
        var seconds = clock.Elapsed.TotalSeconds;
        var (cpu, peak) = await usage.StopAsync();
        var rate = messages / seconds;
        var latencies = await LatenciesAsync(system, rate / 5);
        return New(scenario, running, rate, latencies, cpu, peak, result.Sent, sink.Messages - warmUp);
    }

    /// <summary>What a queue of deferred jobs costs: the rate without one, then with <paramref name="deferred"/> jobs that wait for their time.</summary>
    private async Task<IReadOnlyList<Measurement>> DeferredAsync(string system, int messages, int deferred)
    {
        using var sink = new TimingSink(0);
        await using var running = await StartAsync(system, new SystemForm(sink.EndPoint) { FirstRetry = TimeSpan.FromHours(6) });
        var load = new SmtpLoad(running.ClearSmtp, false, new BenchMessage(running.SenderDomain, MessageBytes), running.Token);
        await PassAsync(WarmUp(system));
        var without = await MeasureAsync("deferred-none");
        sink.Defers = true;
        await PassAsync(deferred);
        sink.Defers = false;
        var with = await MeasureAsync(FormattableString.Invariant($"deferred-{deferred}"));
        return [without, with];

        async Task<LoadResult> PassAsync(int count)
        {
            var answers = sink.AnswersAsync(count, TimeSpan.FromMinutes(20));
            var result = await load.KeptAsync(options.Connections, count);
            await answers;
            return result;
        }

        async Task<Measurement> MeasureAsync(string scenario)
        {
            using var usage = new Usage(running.Processes);
            var clock = Stopwatch.StartNew();
            var result = await PassAsync(messages);
            var seconds = clock.Elapsed.TotalSeconds;
            var (cpu, peak) = await usage.StopAsync();
            return New(scenario, running, messages / seconds, result.LatenciesMs, cpu, peak, messages, messages);
        }
    }

    /// <summary>From the acknowledgement to the sink's 250, at a fifth of the rate that was reached.</summary>
    private async Task<double[]> LatenciesAsync(string system, double perSecond)
    {
        const int First = 200;
        var messages = First + Math.Max(200, (int)(perSecond * 20 * Math.Min(1, options.Scale)));
        using var sink = new TimingSink(messages);
        await using var running = await StartAsync(system, new SystemForm(sink.EndPoint));
        var message = new BenchMessage(running.SenderDomain, MessageBytes);
        var accepted = new long[messages];
        void Accepted(int number, long at) => accepted[number] = at;
        await (running.Http is { } http
            ? new HttpLoad(http, message, running.Token!).PacedAsync(options.Connections, messages, perSecond, Accepted)
            : new SmtpLoad(running.ClearSmtp, false, message, running.Token).PacedAsync(options.Connections, messages, perSecond, Accepted));
        await sink.AllAsync(TimeSpan.FromMinutes(2));

        // The sink may answer before the client has read its acknowledgement: that is no time at all.
        return [.. Enumerable.Range(First, messages - First).Select(number => Math.Max(0, (sink.AnsweredAt(number) - accepted[number]) * 1000.0 / Stopwatch.Frequency))];
    }

    private static Measurement New(string scenario, RunningSystem running, double rate, double[] latencies, double cpu, double peak, int sent, int received)
    {
        if (received < sent)
        {
            throw new InvalidOperationException($"{running.Name} acknowledged {sent} messages, and {received} are there.");
        }

        return new Measurement
        {
            Scenario = scenario,
            System = running.Name,
            Rate = rate,
            P50Ms = Percentile.Of(latencies, 0.5),
            P99Ms = Percentile.Of(latencies, 0.99),
            CpuSecondsPer1000 = cpu / sent * 1000,
            PeakMb = peak,
            Sent = sent,
            Received = received,
            Durability = running.Durability,
        };
    }
}
