using System.ComponentModel;
using System.Diagnostics;

namespace MailPace.Faults;

internal static class Shell
{
    /// <summary>Runs a program to its end and returns its output; a failure throws with what it printed.</summary>
    public static Task<string> RunAsync(string program, params string[] arguments) => RunInAsync("/", new Dictionary<string, string>(), program, arguments);

    public static async Task<string> RunInAsync(string directory, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{program} can't be run: {missing.Message}", missing);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output} {await errors}");
        }
    }
}
