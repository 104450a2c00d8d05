using System.Text.Json;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>Third-party vectors, where they are.</summary>
internal static class TestData
{
    public static JsonDocument Json(string path)
    {
        var root = Environment.GetEnvironmentVariable("MAILPACE_TESTDATA") ?? Beside(AppContext.BaseDirectory);
        var file = root is null ? null : Path.Combine(root, path);
        if (file is null || !File.Exists(file))
        {
            Assert.Skip($"test data {path} not present");
        }

        return JsonDocument.Parse(File.ReadAllBytes(file));
    }

    /// <summary>The directory shared/testdata next to the repository.</summary>
    private static string? Beside(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "MailPace.sln")))
            {
                return Path.Combine(at.FullName, "..", "shared", "testdata");
            }
        }

        return null;
    }
}
