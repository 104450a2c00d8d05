using MailPace.Testing;

namespace MailPace.Architecture.Tests;

/// <summary>The repository's own files.</summary>
internal static class SourceTree
{
    private static readonly string[] ProductFolders = ["lib", "functions", "smtp-edge", "sandbox", "host"];

    public static IReadOnlyList<string> ProductCode { get; } = Files(ProductFolders, "*.cs");

    public static IReadOnlyList<string> AllCode { get; } = Files([.. ProductFolders, "tests"], "*.cs");

    public static IReadOnlyList<string> ProductProjects { get; } = Files(ProductFolders, "*.csproj");

    public static string Read(string relative) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, relative));

    private static List<string> Files(IEnumerable<string> folders, string pattern)
        => [.. folders.Select(folder => Path.Combine(RepositoryRoot.Path, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
}
