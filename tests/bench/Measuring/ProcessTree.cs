using System.Globalization;

namespace MailPace.Bench.Measuring;

/// <summary>CPU and memory of processes and all that descend from them, read from /proc.</summary>
internal sealed class ProcessTree(IReadOnlyList<int> roots)
{
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds of the living processes and of their children that have ended.</summary>
    public double CpuSeconds() => Members().Sum(static id => CpuTicks(id)) / TicksPerSecond;

    /// <summary>Proportional set size of all members, in MB: shared pages count once.</summary>
    public double MemoryMb() => Members().Sum(static id => PssKb(id)) / 1024;

    private static double CpuTicks(int id)
    {
        var fields = Stat(id);
        // utime, stime, cutime, cstime are fields 14 to 17; `fields` starts behind the command at field 3.
        return fields.Length < 15 ? 0 : Enumerable.Range(11, 4).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture));
    }

    private static double PssKb(int id)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{id}/smaps_rollup"))
            {
                if (line.StartsWith("Pss:", StringComparison.Ordinal))
                {
                    return double.Parse(line.AsSpan(4).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended between the listing and the reading.
        }

        return 0;
    }

    private static string[] Stat(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private List<int> Members()
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) && Stat(id) is { Length: > 1 } fields)
            {
                var parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
                (children.TryGetValue(parent, out var list) ? list : children[parent] = []).Add(id);
            }
        }

        var members = new List<int>();
        var waiting = new Stack<int>(roots);
        while (waiting.TryPop(out var id))
        {
            members.Add(id);
            foreach (var child in children.GetValueOrDefault(id) ?? [])
            {
                waiting.Push(child);
            }
        }

        return members;
    }
}
