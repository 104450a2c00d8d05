using System.Diagnostics;
using System.Globalization;

namespace MailPace.Testing;

/// <summary>Processes that a server forked.</summary>
internal static class ProcessChildren
{
    /// <summary>The ids of those that live now.</summary>
    public static IReadOnlyList<int> Of(int parent) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(static path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent)];

    /// <summary>Kills them and returns when the last one is gone.</summary>
    public static async Task Kill9Async(IReadOnlyList<int> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", ["-s", "KILL", .. ids.Select(static id => id.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardError = true, // one that has gone meanwhile is no news
        })!;
        await kill.WaitForExitAsync();
        for (var started = Environment.TickCount64; ids.Any(static id => ParentOf(id) is not null); await Task.Delay(5))
        {
            if (Environment.TickCount64 - started > 10_000)
            {
                throw new InvalidOperationException("A killed process doesn't end.");
            }
        }
    }

    /// <returns>Null when it's gone, or is but a zombie that somebody will reap.</returns>
    private static int? ParentOf(int id)
    {
        try
        {
            // "pid (name, which may hold anything) state ppid …", proc(5)
            var stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
