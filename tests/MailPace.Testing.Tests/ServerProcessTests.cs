using System.Globalization;

namespace MailPace.Testing.Tests;

public sealed class ServerProcessTests
{
    [Fact]
    public async Task Wait_ProgramFailed_ThrowsWithItsExitCode()
    {
        using var directory = TestDirectory.Create();
        await using var process = Shell(directory, "echo said; exit 7");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(process.WaitAsync);

        Assert.EndsWith("ended with 7.", exception.Message, StringComparison.Ordinal);
        Assert.Equal("said\n", await File.ReadAllTextAsync(directory.Combine("log"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_ByAThreadThatEnds_LeavesTheServerRunning()
    {
        using var directory = TestDirectory.Create();
        ServerProcess? server = null;
        var starter = new Thread(() => server = Shell(directory, "exec sleep 600"));
        starter.Start();
        starter.Join();
        await using var started = server!;

        // Were it bound to that thread, the kernel would have killed it before it could take a signal of ours.
        await started.SendAsync("STOP");
        Assert.False(started.HasExited);
        await started.Kill9Async();
        Assert.Equal(137, await started.Exited);
    }

    [Fact]
    public async Task Parent_Killed_TakesItsServerAlong()
    {
        using var directory = TestDirectory.Create();
        await using var parent = Shell(directory, "setpriv --pdeathsig KILL sleep 600 & echo $! >child.tmp; mv child.tmp child; wait");
        var childId = await ReadWhenThereAsync(directory, "child");
        await using var follower = ServerProcess.Start(directory.Combine("tail.log"), null, "/usr/bin/tail", "-f", "/dev/null", "--pid=" + childId);

        await parent.Kill9Async();

        // tail ends when the process that it watches is gone.
        await follower.Exited.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static ServerProcess Shell(TestDirectory directory, string script) =>
        ServerProcess.Start(directory.Combine("log"), null, "/bin/sh", "-c", $"cd '{directory.Path}'; {script}");

    private static async Task<string> ReadWhenThereAsync(TestDirectory directory, string name)
    {
        var created = new TaskCompletionSource();
        using var watcher = new FileSystemWatcher(directory.Path);
        watcher.Renamed += (_, _) => created.TrySetResult();
        watcher.EnableRaisingEvents = true;
        if (!File.Exists(directory.Combine(name)))
        {
            await created.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        var text = await File.ReadAllTextAsync(directory.Combine(name), TestContext.Current.CancellationToken);
        return int.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
