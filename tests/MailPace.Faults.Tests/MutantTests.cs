using System.Diagnostics;
using MailPace.Testing;

namespace MailPace.Faults.Tests;

/// <summary>A mutant is a patch of the platform's sources: it goes stale when they change, and is to be made again.</summary>
public sealed class MutantTests
{
    public static TheoryData<string> Patches =>
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests/faults/Mutants"), "*.patch").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Patches))]
    public async Task Patch_FitsTheSources(string patch)
    {
        using var git = Process.Start(new ProcessStartInfo("git")
        {
            ArgumentList = { "apply", "--check", Path.Combine("tests/faults/Mutants", patch) },
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardError = true,
        })!;
        var said = await git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(git.ExitCode == 0, said);
    }
}
