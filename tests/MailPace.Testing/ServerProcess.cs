using System.Diagnostics;
using System.Globalization;

namespace MailPace.Testing;

/// <summary>A server of the tests: ended by its id, and by the kernel if the test program dies first.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program; its output goes to <paramref name="log"/>.</summary>
    /// <param name="log">Path of the file that its output is appended to.</param>
    /// <param name="user">Another user to run as; null for this one.</param>
    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ServerProcess Start(string log, string? user, string program, params string[] arguments) => Start(log, user, null, program, arguments);

    public static ServerProcess Start(string log, string? user, IReadOnlyDictionary<string, string>? environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/setpriv") { RedirectStandardInput = true };
        start.ArgumentList.Add("--pdeathsig");
        start.ArgumentList.Add("KILL");
        if (user is not null)
        {
            start.ArgumentList.Add("--reuid");
            start.ArgumentList.Add(user);
            start.ArgumentList.Add("--regid");
            start.ArgumentList.Add(user);
            start.ArgumentList.Add("--clear-groups");
            start.ArgumentList.Add("--");
        }

        // sh opens the log and then becomes the program, under the same id.
        foreach (var part in (string[])["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, program, .. arguments])
        {
            start.ArgumentList.Add(part);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException(program + " did not start."));
    }

    /// <summary>Waits for a program that ends by itself; a failure throws.</summary>
    public async Task WaitAsync()
    {
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended with {_process.ExitCode}.");
        }
    }

    public Task Kill9Async() => SignalAsync("KILL");

    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Sends a signal that ends it, and waits for the end.</summary>
    public async Task SignalAsync(string signal)
    {
        if (!_process.HasExited)
        {
            await SendAsync(signal);
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Sends a signal such as STOP or CONT.</summary>
    public async Task SendAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill9Async();
        _process.Dispose();
    }
}
