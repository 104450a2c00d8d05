using System.Collections.Concurrent;
using System.Diagnostics;
using MailPace.Faults;
using MailPace.Faults.Mutants;
using MailPace.Faults.Reporting;
using MailPace.Faults.Scenarios;
using MailPace.Faults.Servers;
using MailPace.Testing;

var options = FaultOptions.Parse(args, RepositoryRoot.Path);
Directory.CreateDirectory(options.Directory);
var noDisks = options.Scenarios.Any(static scenario => scenario.DiskMegabytes > 0) ? await LoopDisk.UnavailableAsync() : null;
using var platform = await PlatformSeed.CreateAsync();
var plan = options.Seeds.SelectMany(_ => options.Scenarios, (seed, scenario) => (Seed: seed, Scenario: scenario));
var results = new ConcurrentBag<RunResult>();
var mutants = RunMutantsAsync();
await Parallel.ForEachAsync(plan, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (run, _) =>
    results.Add(await new FaultRun(options, platform, run.Scenario, run.Seed) { NoDisks = noDisks }.RunAsync()));
await mutants;

RunResult[] ordered = [.. results.OrderBy(static result => result.Mutant).ThenBy(static result => result.Scenario).ThenBy(static result => result.Seed)];
Report.Print(ordered);
Report.Write(ordered, options.Output);
Console.WriteLine($"{ordered.Count(static result => result.Outcome == "passed")} passed, {ordered.Count(static result => result.Outcome == "failed")} failed, {ordered.Count(static result => result.Outcome == "skipped")} skipped");
return ordered.Any(static result => result.Outcome == "failed") ? 1 : 0;

// One after the other: they share a tree.
async Task RunMutantsAsync()
{
    var tree = new MutantTree(Path.Combine(options.Directory, "mutants"));
    foreach (var mutant in options.Mutants)
    {
        foreach (var seed in options.Seeds.Take(1))
        {
            results.Add(await RunMutantAsync(tree, mutant, seed));
        }
    }
}

async Task<RunResult> RunMutantAsync(MutantTree tree, Mutant mutant, int seed)
{
    var clock = Stopwatch.StartNew();
    try
    {
        var program = await tree.BuildAsync(mutant);
        Console.WriteLine(FormattableString.Invariant($"{clock.Elapsed.TotalSeconds,6:0.0} s  {mutant.Name} is built"));
        return await new FaultRun(options, platform, AllScenarios.Named(mutant.Scenario), seed) { Mutant = (mutant, program) }.RunAsync();
    }
    catch (InvalidOperationException failure)
    {
        Console.WriteLine($"{mutant.Name}: {failure.Message}");
        return new RunResult { Scenario = mutant.Scenario, Mutant = mutant.Name, Seed = seed, Broken = failure.Message.Split('\n')[0], Seconds = clock.Elapsed.TotalSeconds };
    }
}
