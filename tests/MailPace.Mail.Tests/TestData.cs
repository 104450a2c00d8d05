namespace MailPace.Mail.Tests;

/// <summary>Third-party vectors; a test that needs them is skipped where they aren't.</summary>
internal static class TestData
{
    public static string Path(string relative)
    {
        var path = System.IO.Path.Combine(Root(), relative);
        if (!File.Exists(path))
        {
            Assert.Skip($"{relative} not present");
        }

        return path;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("MAILPACE_TESTDATA") is { Length: > 0 } given)
        {
            return given;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "MailPace.sln")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder?.Parent?.FullName ?? "/", "shared", "testdata");
    }
}
