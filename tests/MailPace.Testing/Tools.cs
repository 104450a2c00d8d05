using Xunit;

namespace MailPace.Testing;

/// <summary>Finds the real servers that tests run against. Without them a laptop skips, CI fails.</summary>
public static class Tools
{
    public static string NatsServer() => Find(
        Environment.GetEnvironmentVariable("MAILPACE_NATS_SERVER"),
        Path.Combine(RepositoryRoot.Path, ".local/bin/nats-server"),
        OnPath("nats-server")) ?? Missing("nats-server 2.12 or newer");

    /// <summary>Folder of <c>initdb</c> and <c>postgres</c>.</summary>
    public static string PostgresBin()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(static path => path, StringComparer.Ordinal).Select(static path => Path.Combine(path, "bin/initdb")).ToArray()
            : [];
        return Path.GetDirectoryName(Find([.. debian, OnPath("initdb")]) ?? Missing("PostgreSQL 15 or newer"))!;
    }

    /// <summary>A program that a test needs, or a skip (a failure in CI).</summary>
    public static string Program(string name) => Find(OnPath(name), $"/usr/sbin/{name}") ?? Missing(name);

    private static string? Find(params string?[] candidates) => candidates.FirstOrDefault(File.Exists);

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Missing(string what)
    {
        var text = $"{what} isn't here; tools/setup.sh --tests installs it.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new InvalidOperationException(text);
        }

        Assert.Skip(text);
        throw new InvalidOperationException(text);
    }
}
