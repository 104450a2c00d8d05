using MailPace.Bench;
using MailPace.Bench.Discarding;
using MailPace.Bench.Idle;
using MailPace.Bench.Reporting;
using MailPace.Testing;

if (args is [DiscardingServer.Verb, var smtpPort, var counterPort])
{
    await DiscardingServer.RunAsync(smtpPort, counterPort);
    return;
}

// Interleaved: each run measures every scenario on every system, so that the noise of the machine meets all alike.
var options = BenchOptions.Parse(args, RepositoryRoot.Path);
if (options.Scenarios is ["idle-tls"])
{
    await new IdleTls(options).RunAsync(options.Sessions);
    Directory.Delete(options.Directory, recursive: true);
    return;
}

var scenarios = new Scenarios(options);
var runs = new List<Measurement>();
for (var run = 1; run <= options.Runs; run++)
{
    foreach (var scenario in options.Scenarios)
    {
        foreach (var system in options.Systems.Where(system => Scenarios.Fits(scenario, system)))
        {
            foreach (var measured in await scenarios.RunAsync(scenario, system))
            {
                Console.WriteLine(FormattableString.Invariant($"run {run} of {options.Runs}: {measured.Scenario} {system}: {measured.Rate:0}/s, p50 {measured.P50Ms:0.0} ms, p99 {measured.P99Ms:0.0} ms, {measured.CpuSecondsPer1000:0.000} CPU s per 1,000"));
                runs.Add(measured);
            }
        }
    }
}

var medians = Report.Medians(runs);
Report.Print(medians);
Report.Write(medians, options.Output);
Directory.Delete(options.Directory, recursive: true);
