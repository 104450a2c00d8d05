using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MailPace.Testing;
using YamlDotNet.RepresentationModel;

[assembly: AssemblyFixture(typeof(PostgresServerFixture))]

namespace MailPace.Kubernetes.Tests;

public sealed class FunctionTests(PostgresServerFixture postgres)
{
    private static readonly string[] Consumers = ["sign", "deliver", "record"];

    /// <summary>The pipeline with its consumers as the images run them: each from a build context of its own.</summary>
    [Fact]
    public async Task Functions_built_from_their_contexts_bring_an_email_through_and_stop_cleanly()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await Platform.StartAsync(nats, await (await postgres.ServerAsync()).CreateDatabaseAsync(), ("Host:Functions", "send,smtp-edge,sandbox"));
        var running = new List<FunctionProcess>();
        var contexts = new List<FunctionContext>();
        try
        {
            foreach (var function in Consumers)
            {
                var context = await FunctionContext.PublishAsync(function);
                contexts.Add(context);
                running.Add(await FunctionProcess.StartAsync(function, context.Program, platform));
            }

            foreach (var function in running)
            {
                Assert.Equal(HttpStatusCode.OK, await function.GetAsync("_/health"));
            }

            await SendAsync(platform, "By functions");
            Assert.Single(await ArrivedAsync(platform, "By functions"));
            foreach (var function in running)
            {
                Assert.Equal(0, await function.TerminateAsync());
            }
        }
        finally
        {
            foreach (var function in running)
            {
                await function.DisposeAsync();
            }

            contexts.ForEach(context => context.Dispose());
        }
    }

    [Fact]
    public async Task The_context_has_what_the_stack_copies()
    {
        var stack = new YamlStream();
        using (var reader = File.OpenText(Path.Combine(RepositoryRoot.Path, "stack.yml")))
        {
            stack.Load(reader);
        }

        var copied = ((YamlSequenceNode)stack.Documents[0].RootNode["configuration"]["copy"]).Select(node => ((YamlScalarNode)node).Value!);
        var script = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "tools/context.sh"), TestContext.Current.CancellationToken);
        Assert.Contains($"for path in {string.Join(' ', copied)};", script, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stack_has_every_function()
    {
        var stack = new YamlStream();
        using (var reader = File.OpenText(Path.Combine(RepositoryRoot.Path, "stack.yml")))
        {
            stack.Load(reader);
        }

        var listed = ((YamlMappingNode)stack.Documents[0].RootNode["functions"]).Children.Keys.Select(key => ((YamlScalarNode)key).Value!).Order();
        var folders = Directory.EnumerateDirectories(Path.Combine(RepositoryRoot.Path, "functions")).Where(folder => File.Exists(Path.Combine(folder, "Handler.cs"))).Select(folder => Path.GetFileName(folder)).Order();
        Assert.Equal(folders, listed);
    }

    private static async Task SendAsync(Platform platform, string subject)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("MailPace-Server-Token", platform.Token);
        using var answer = await http.PostAsJsonAsync(
            new Uri(platform.Url + "/api/v1/send"),
            new { from = $"you@{platform.Domain}", to = "someone@example.com", subject, textbody = "Hello" },
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<JsonElement[]> ArrivedAsync(Platform platform, string subject)
    {
        using var http = new HttpClient();
        return (await http.GetFromJsonAsync<JsonElement[]>(
            new Uri($"{platform.Url}/sandbox/messages?wait=60&subject={Uri.EscapeDataString(subject)}"), TestContext.Current.CancellationToken))!;
    }
}
