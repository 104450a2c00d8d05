using System.Diagnostics;
using MailPace.Testing;

namespace MailPace.Kubernetes.Tests;

/// <summary>A function's build context, as faas-cli assembles it, and what is published from it.</summary>
internal sealed class FunctionContext : IDisposable
{
    private readonly TestDirectory _directory = TestDirectory.Create();

    private FunctionContext()
    {
    }

    public string Program => _directory.Combine("out/function.dll");

    public string Source => _directory.Combine("context");

    public static async Task<FunctionContext> PublishAsync(string function)
    {
        var context = new FunctionContext();
        await RunAsync(RepositoryRoot.Path, Path.Combine(RepositoryRoot.Path, "tools/context.sh"), function, context.Source);

        // Compiled ahead in the image; here that would only take time.
        await RunAsync(context.Source, "dotnet", "publish", "Root.csproj", "--configuration", "Release", "--output", context._directory.Combine("out"), "-p:PublishReadyToRun=false", "--nologo");
        return context;
    }

    public void Dispose() => _directory.Dispose();

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await error);
    }
}
