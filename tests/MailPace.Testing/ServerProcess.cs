using System.Diagnostics;
using System.Globalization;

namespace MailPace.Testing;

/// <summary>
/// A server of the tests: ended by its id, and by the kernel if the test program dies first. For the kernel the parent is the
/// thread that started it (prctl(2), PR_SET_PDEATHSIG), and threads of .NET's pool end when idle; therefore each server has a
/// thread of its own, which starts it and stays until its end.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly string _commandLine;
    private readonly TaskCompletionSource<int> _started = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start)
    {
        _commandLine = string.Join(' ', start.ArgumentList);
        new Thread(() => StartAndStay(start)) { IsBackground = true, Name = "parent of a server" }.Start();
        Id = _started.Task.GetAwaiter().GetResult();
    }

    public int Id { get; }

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Completes at the end of the process, with its exit code.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Starts a program; its output goes to <paramref name="log"/>.</summary>
    /// <param name="log">Path of the file that its output is appended to.</param>
    /// <param name="user">Id of another user to run as; null for this one.</param>
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
            // The account can't enter every folder that the tests may be started in.
            start.WorkingDirectory = "/";
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

        return new ServerProcess(start);
    }

    /// <summary>Waits for a program that ends by itself; a failure throws.</summary>
    public async Task WaitAsync()
    {
        if (await Exited is not 0 and var exitCode)
        {
            throw new InvalidOperationException($"{_commandLine} ended with {exitCode}.");
        }
    }

    public Task Kill9Async() => SignalAsync("KILL");

    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Sends a signal that ends it, and waits for the end.</summary>
    public async Task SignalAsync(string signal)
    {
        if (!HasExited)
        {
            await SendAsync(signal);
            await Exited;
        }
    }

    /// <summary>Sends a signal such as STOP or CONT.</summary>
    public async Task SendAsync(string signal)
    {
        using var kill = Process.Start("/bin/kill", ["-s", signal, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync() => await Kill9Async();

    private void StartAndStay(ProcessStartInfo start)
    {
        try
        {
            using var process = Process.Start(start)!;
            _started.SetResult(process.Id);
            process.WaitForExit();
            _exited.SetResult(process.ExitCode);
        }
        catch (Exception e) when (!_started.Task.IsCompleted)
        {
            _started.SetException(e);
        }
    }
}
