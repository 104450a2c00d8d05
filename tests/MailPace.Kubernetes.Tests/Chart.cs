using System.Diagnostics;
using MailPace.Testing;

namespace MailPace.Kubernetes.Tests;

/// <summary>charts/mailpace, rendered by the real helm.</summary>
internal static class Chart
{
    public static readonly string[] ValuesFiles = ["values.yaml", "values-small.yaml", "values-medium.yaml", "values-large.yaml", "values-openfaas.yaml"];

    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "charts/mailpace");

    public static Task<(int ExitCode, string Output)> LintAsync(string valuesFile) => HelmAsync("lint", Folder, "--strict", "-f", Path.Combine(Folder, valuesFile));

    public static async Task<IReadOnlyList<RenderedResource>> RenderAsync(string valuesFile, params string[] options)
    {
        var (exitCode, output) = await TemplateAsync(valuesFile, options);
        Assert.True(exitCode == 0, output);
        return [.. output.Split("\n---\n").Where(RenderedResource.IsResource).Select(RenderedResource.Parse)];
    }

    public static Task<(int ExitCode, string Output)> TemplateAsync(string valuesFile, params string[] options)
        => HelmAsync(["template", "mailpace", Folder, "--namespace", "mail", "-f", Path.Combine(Folder, valuesFile), .. options]);

    private static async Task<(int ExitCode, string Output)> HelmAsync(params string[] arguments)
    {
        var helm = Path.Combine(RepositoryRoot.Path, ".local/bin/helm");
        Assert.True(File.Exists(helm), "helm is missing: run tools/setup.sh --tests");
        using var process = Process.Start(new ProcessStartInfo(helm, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await error);
    }
}
