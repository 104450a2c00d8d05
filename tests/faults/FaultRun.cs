using System.Diagnostics;
using System.Globalization;
using MailPace.Faults.Ledger;
using MailPace.Faults.Mutants;
using MailPace.Faults.Reporting;
using MailPace.Faults.Scenarios;
using MailPace.Faults.Servers;
using MailPace.Faults.Sinks;
using MailPace.Testing;

namespace MailPace.Faults;

/// <summary>Runs one scenario under one seed, and judges it.</summary>
internal sealed class FaultRun(FaultOptions options, PlatformSeed platform, IScenario scenario, int seed)
{
    /// <summary>What a mutant has lost never comes: no use to wait longer than the platform takes for what it hasn't.</summary>
    private static readonly TimeSpan MutantSettleLimit = TimeSpan.FromSeconds(15);

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>A mutant and its program; null for the platform itself.</summary>
    public (Mutant Mistake, string Program)? Mutant { get; init; }

    /// <summary>Why there can be no disks of our own here; null when there can.</summary>
    public string? NoDisks { get; init; }

    private string Title => string.Create(CultureInfo.InvariantCulture, $"{Mutant?.Mistake.Name ?? scenario.Name} {seed}");

    private RunResult Result => new() { Scenario = scenario.Name, Mutant = Mutant?.Mistake.Name, Breaks = Mutant?.Mistake.Breaks, Seed = seed, Seconds = Math.Round(_clock.Elapsed.TotalSeconds, 1) };

    public async Task<RunResult> RunAsync()
    {
        if (scenario.DiskMegabytes > 0 && NoDisks is { } reason)
        {
            Say("skipped: " + reason);
            return Result with { Skipped = reason };
        }

        try
        {
            await using var disk = scenario.DiskMegabytes > 0 ? await LoopDisk.CreateAsync(scenario.DiskMegabytes) : null;
            return await RunOnAsync(disk);
        }
        catch (Exception broken)
        {
            return Break(broken);
        }
    }

    private async Task<RunResult> RunOnAsync(LoopDisk? disk)
    {
        try
        {
            return await RunInWorldAsync(disk);
        }
        catch (Exception broken)
        {
            return Break(broken);
        }
    }

    /// <summary>Whatever it is, it fails this run and not the others; its whole text is what a reader needs.</summary>
    private RunResult Break(Exception broken)
    {
        Say("broken: " + broken);
        return Result with { Broken = broken.Message.Split('\n')[0] };
    }

    private async Task<RunResult> RunInWorldAsync(LoopDisk? disk)
    {
        await using var world = await World.StartAsync(new WorldOptions
        {
            Seed = seed,
            Platform = platform,
            Program = Mutant?.Program,
            Say = Say,
            Manners = scenario.Manners,
            Disk = disk,
            IsPostgresOnDisk = scenario.IsPostgresOnDisk,
        });
        var settling = new Settling(world, Mutant is null ? options.SettleLimit : MutantSettleLimit);
        Verdict verdict;
        try
        {
            await scenario.RunAsync(world, options.Length);
            await world.Load.StopAsync();
            world.Sink.Manners = SinkManners.Calm;
            verdict = LedgerChecker.Check(await settling.RunAsync());
        }
        catch
        {
            Keep(world);
            throw;
        }

        var result = Result with { QuietAfterSeconds = Math.Round(settling.Elapsed.TotalSeconds, 1), Verdict = verdict with { Violations = [.. verdict.Violations, .. world.Conduct, .. world.Load.Ledger.Violations] } };
        Say(string.Create(CultureInfo.InvariantCulture, $"{result.Outcome}: {verdict.Acknowledged} acknowledged, {verdict.Copies} copies, {verdict.Duplicates} duplicates, {verdict.Uncertain} uncertain, {result.Verdict.Violations.Count} violations"));
        if (!result.HasPassed)
        {
            foreach (var violation in result.Verdict.Violations.Take(5))
            {
                Say($"{violation.Kind} {violation.Marker}: {violation.Text}");
            }

            Keep(world);
        }

        return result;
    }

    /// <summary>Logs of a run that failed.</summary>
    private void Keep(World world)
    {
        var directory = Path.Combine(options.Directory, "logs", Title.Replace(' ', '-'));
        Directory.CreateDirectory(directory);
        foreach (var (log, name) in (ReadOnlySpan<(string, string)>)[(world.Platform.LogPath, "mailpace.log"), (world.Nats.LogPath, "nats.log"), (world.Postgres.LogPath, "postgres.log")])
        {
            if (File.Exists(log))
            {
                File.Copy(log, Path.Combine(directory, name), overwrite: true);
            }
        }

        Say("its logs are in " + directory);
    }

    private void Say(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,6:0.0} s  {Title,-30} {text}"));
}
