using System.Diagnostics;
using System.Globalization;

namespace MailPace.Testing;

/// <summary>
/// A directory of one test run, gone when disposed. Its name starts with the process id, so that a later run removes what a
/// killed one left behind.
/// </summary>
public sealed class TestDirectory : IDisposable
{
    // Others may pass through, so that a server under an unprivileged account reaches its own folder inside.
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private TestDirectory(string path) => Path = path;

    public string Path { get; }

    public static TestDirectory Create()
    {
        var parent = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "mailpace-tests-" + Environment.UserName);
        MakePassable(parent);
        RemoveLeftovers(parent);
        var path = System.IO.Path.Combine(parent, string.Create(
            CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Random.Shared.Next():x8}"));
        MakePassable(path);
        return new TestDirectory(path);
    }

    public string Combine(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Remove(Path);

    private static void MakePassable(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Passable); // whatever the umask is
        }
    }

    private static void RemoveLeftovers(string parent)
    {
        foreach (var path in Directory.EnumerateDirectories(parent))
        {
            var name = System.IO.Path.GetFileName(path);
            if (int.TryParse(name.Split('-')[0], CultureInfo.InvariantCulture, out var processId) && !IsAlive(processId))
            {
                Remove(path);
            }
        }
    }

    private static bool IsAlive(int processId) => Directory.Exists($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}");

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another test run swept it at the same moment.
        }
        catch (IOException e)
        {
            // A server that was just killed may have written a last file; the next run removes the rest.
            Trace.TraceWarning("{0} was not removed: {1}", path, e.Message);
        }
    }
}
