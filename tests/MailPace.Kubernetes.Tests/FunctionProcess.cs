using System.Globalization;
using System.Net;
using MailPace.Testing;

namespace MailPace.Kubernetes.Tests;

/// <summary>A function under the template's own entry, as its image starts it.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly string _log;

    private FunctionProcess(ServerProcess process, string log, Uri url)
    {
        _process = process;
        _log = log;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<FunctionProcess> StartAsync(string name, string program, Platform platform)
    {
        var port = FreePort.Next();
        var variables = new Dictionary<string, string>(platform.Variables)
        {
            ["OPENFAAS_NAME"] = name,
            ["MAILPACE__Http__Url"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        };
        foreach (var other in variables.Keys.Where(key => key.StartsWith("MAILPACE__SmtpEdge__", StringComparison.Ordinal)
            || key.StartsWith("MAILPACE__Http__", StringComparison.Ordinal) && key != "MAILPACE__Http__Url").ToList())
        {
            variables.Remove(other);
        }

        var log = Path.Combine(platform.WorkDirectory, name + ".log");
        var process = ServerProcess.Start(log, null, variables, "/usr/bin/env", "dotnet", program);
        var function = new FunctionProcess(process, log, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
        await function.ReadyAsync();
        return function;
    }

    public async Task<HttpStatusCode> GetAsync(string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(Url, path), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await _process.TerminateAsync();
        return await _process.Exited;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task ReadyAsync()
    {
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < 120_000; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            if (_process.HasExited)
            {
                break;
            }

            try
            {
                if (await GetAsync("_/ready") == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }
        }

        Assert.Fail("Not ready: " + await File.ReadAllTextAsync(_log, TestContext.Current.CancellationToken));
    }
}
