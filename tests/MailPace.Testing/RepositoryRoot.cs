namespace MailPace.Testing;

/// <summary>Paths that tests need, found from where the test program lies.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    /// <summary>Third-party test data: <c>MAILPACE_TESTDATA</c>, else beside the repository. Null when absent: such a test is skipped and says so.</summary>
    public static string? TestData
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("MAILPACE_TESTDATA") ?? System.IO.Path.Combine(Path, "../shared/testdata");
            return Directory.Exists(path) ? System.IO.Path.GetFullPath(path) : null;
        }
    }

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "MailPace.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("The tests run from within the repository's artifacts folder.");
    }
}
