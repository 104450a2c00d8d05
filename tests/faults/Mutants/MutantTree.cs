using MailPace.Testing;

namespace MailPace.Faults.Mutants;

/// <summary>
/// A copy of the platform's sources to patch and build, one mutant after the other. Files that didn't change keep their times, so that
/// a build compiles what a patch touches.
/// </summary>
internal sealed class MutantTree(string directory)
{
    private static readonly string[] Folders = ["lib", "functions", "smtp-edge", "sandbox", "host"];

    private static readonly string[] Files = ["Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", "global.json", ".editorconfig"];

    /// <summary>Git is to see the tree as no part of the repository it lies in.</summary>
    private readonly Dictionary<string, string> _outsideOfGit = new() { ["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(directory)! };

    private string Tree => Path.Combine(directory, "tree");

    /// <returns>Path of the mutant's program.</returns>
    /// <exception cref="InvalidOperationException">The patch doesn't apply any more, or what it makes doesn't compile.</exception>
    public async Task<string> BuildAsync(Mutant mutant)
    {
        var output = Path.Combine(directory, mutant.Name);
        CopySources();
        await Shell.RunInAsync(Tree, _outsideOfGit, "git", "apply", Path.Combine(RepositoryRoot.Path, "tests/faults/Mutants", mutant.Name + ".patch"));
        await Shell.RunInAsync(Tree, _outsideOfGit, "dotnet", "build", "host/mailpace.csproj", "-c", "Release", "--nologo", "-v", "quiet", "-p:TreatWarningsAsErrors=false");
        CopyDirectory(Path.Combine(Tree, "artifacts/bin/mailpace/release"), output);
        return Path.Combine(output, "mailpace");
    }

    private void CopySources()
    {
        Directory.CreateDirectory(Tree);
        foreach (var file in Files)
        {
            CopyFile(Path.Combine(RepositoryRoot.Path, file), Path.Combine(Tree, file));
        }

        foreach (var folder in Folders)
        {
            CopyDirectory(Path.Combine(RepositoryRoot.Path, folder), Path.Combine(Tree, folder));
        }
    }

    /// <summary>Makes <paramref name="target"/> like <paramref name="source"/>, and writes only what differs.</summary>
    private static void CopyDirectory(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var stale in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Where(file => !File.Exists(Path.Combine(source, Path.GetRelativePath(target, file)))))
        {
            File.Delete(stale);
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            CopyFile(file, Path.Combine(target, Path.GetRelativePath(source, file)));
        }
    }

    private static void CopyFile(string source, string target)
    {
        var content = File.ReadAllBytes(source);
        if (File.Exists(target) && File.ReadAllBytes(target).AsSpan().SequenceEqual(content))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllBytes(target, content);
        File.SetUnixFileMode(target, File.GetUnixFileMode(source));
    }
}
