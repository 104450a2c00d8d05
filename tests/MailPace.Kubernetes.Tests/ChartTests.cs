using System.Text.RegularExpressions;
using k8s.Models;
using MailPace.Kubernetes.Tests.Resources;
using MailPace.Testing;
using YamlDotNet.Core;

namespace MailPace.Kubernetes.Tests;

public sealed partial class ChartTests
{
    public static TheoryData<string> ValuesFiles => [.. Chart.ValuesFiles];

    [Theory, MemberData(nameof(ValuesFiles))]
    public async Task Helm_finds_no_fault(string valuesFile)
    {
        var (exitCode, output) = await Chart.LintAsync(valuesFile);
        Assert.True(exitCode == 0, output);
    }

    [Theory, MemberData(nameof(ValuesFiles))]
    public async Task Every_resource_has_only_fields_of_its_kind(string valuesFile)
        => Assert.NotEmpty(await Chart.RenderAsync(valuesFile));

    [Theory]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  replica: 2")]
    [InlineData("apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: a\nspec:\n  maxReplicas: 2")]
    [InlineData("apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata:\n  name: a\nspec:\n  secret: x")]
    public void An_unknown_field_is_refused(string document) => Assert.Throws<YamlException>(() => RenderedResource.Parse(document));

    [Theory]
    [InlineData("edge.replica=3")]
    [InlineData("functions.deliver.max=many")]
    [InlineData("nats.replicas=2")]
    [InlineData("functionKind=pods")]
    public async Task A_value_that_is_misspelled_or_of_another_kind_is_refused(string value)
    {
        var (exitCode, output) = await Chart.TemplateAsync("values.yaml", "--set", value);
        Assert.True(exitCode != 0, "It was taken.");
        Assert.Contains("schema", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ValuesFiles))]
    public async Task Every_option_is_one_that_is_documented(string valuesFile)
    {
        var known = DocumentedOption().Matches(await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs/configuration.md"), TestContext.Current.CancellationToken))
            .Select(match => Numbers().Replace(match.Groups[1].Value.Replace(":", "__", StringComparison.Ordinal), "#")).ToHashSet();
        foreach (var resource in await Chart.RenderAsync(valuesFile))
        {
            foreach (Match option in RenderedOption().Matches(resource.Yaml))
            {
                Assert.True(known.Contains(Numbers().Replace(option.Groups[1].Value, "#")), $"{resource.Kind} {resource.Name}: {option.Value}");
            }
        }
    }

    [Theory, MemberData(nameof(ValuesFiles))]
    public async Task Every_container_is_unprivileged_and_writes_nowhere(string valuesFile)
    {
        foreach (var (resource, pod) in Pods(await Chart.RenderAsync(valuesFile)))
        {
            Assert.True(pod.SecurityContext?.RunAsNonRoot, resource.Name);
            Assert.False(pod.AutomountServiceAccountToken, resource.Name);
            foreach (var container in pod.Containers.Concat(pod.InitContainers ?? []))
            {
                Assert.True(container.SecurityContext?.ReadOnlyRootFilesystem, resource.Name);
                Assert.False(container.SecurityContext?.AllowPrivilegeEscalation, resource.Name);
                Assert.Equal(["ALL"], container.SecurityContext!.Capabilities.Drop);
                Assert.NotNull(container.Resources?.Requests);
                Assert.True(container.Resources!.Limits.ContainsKey("memory"), resource.Name);
                Assert.DoesNotContain(container.VolumeMounts, mount => mount.SubPath is not null);
            }

            if (resource.Kind != "Job")
            {
                Assert.NotNull(pod.Containers[0].ReadinessProbe);
                Assert.NotNull(pod.Containers[0].LivenessProbe);
            }
        }
    }

    [Theory, MemberData(nameof(ValuesFiles))]
    public async Task A_scaler_owns_the_replicas_of_its_target_alone(string valuesFile)
    {
        var resources = await Chart.RenderAsync(valuesFile);
        var deployments = resources.Select(resource => resource.Model).OfType<V1Deployment>().ToDictionary(deployment => deployment.Metadata.Name);
        var targets = resources.Select(resource => resource.Model).OfType<ScaledObject>().Select(scaled => scaled.Spec.ScaleTargetRef.Name)
            .Concat(resources.Select(resource => resource.Model).OfType<V2HorizontalPodAutoscaler>().Select(scaler => scaler.Spec.ScaleTargetRef.Name)).ToList();
        Assert.Equal(targets.Distinct(), targets);
        foreach (var target in targets)
        {
            Assert.Null(deployments[target].Spec.Replicas);
        }
    }

    [Theory, MemberData(nameof(ValuesFiles))]
    public async Task Each_trigger_has_the_keys_that_KEDA_reads(string valuesFile)
    {
        var triggers = (await Chart.RenderAsync(valuesFile)).Select(resource => resource.Model).OfType<ScaledObject>().SelectMany(scaled => scaled.Spec.Triggers);
        foreach (var trigger in triggers)
        {
            string[] known = trigger.Type switch
            {
                "nats-jetstream" => ["account", "activationLagThreshold", "consumer", "lagThreshold", "natsServerMonitoringEndpoint", "stream", "useHttps"],
                "prometheus" => ["query", "serverAddress", "threshold"],
                _ => throw new InvalidOperationException(trigger.Type),
            };
            Assert.Equal(known, trigger.Metadata.Keys.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Each_partition_has_its_trigger()
    {
        var sign = (await Chart.RenderAsync("values-large.yaml")).Select(resource => resource.Model).OfType<ScaledObject>().Single(scaled => scaled.Metadata.Name == "sign");
        Assert.Equal(Enumerable.Range(0, 8).Select(Contracts.Streams.Mail), sign.Spec.Triggers.Select(trigger => trigger.Metadata["stream"]));
    }

    [Fact]
    public async Task Each_egress_pool_is_a_deliver_of_its_own()
    {
        var resources = await Chart.RenderAsync("values-large.yaml");
        var names = resources.Where(resource => resource.Kind is "Deployment" or "ScaledObject" && resource.Name.StartsWith("deliver", StringComparison.Ordinal)).Select(resource => resource.Name).Order();
        Assert.Equal(["deliver-bulk", "deliver-bulk", "deliver-transactional", "deliver-transactional"], names);
    }

    [Fact]
    public async Task OpenFaaS_never_scales_what_consumes_a_stream()
    {
        var functions = (await Chart.RenderAsync("values-openfaas.yaml")).Select(resource => resource.Model).OfType<FunctionResource>().ToList();
        Assert.NotEmpty(functions);
        foreach (var function in functions.Where(function => function.Spec.Name is not ("send" or "dashboard")))
        {
            Assert.Equal(function.Spec.Labels!["com.openfaas.scale.min"], function.Spec.Labels["com.openfaas.scale.max"]);
        }
    }

    [Fact]
    public async Task Each_alert_asks_for_metrics_that_are_documented()
    {
        var telemetry = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs/telemetry.md"), TestContext.Current.CancellationToken);
        var known = DocumentedMetric().Matches(telemetry).Select(match => match.Groups[1].Value.Replace('.', '_') + (match.Groups[2].Value switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "", // Prometheus' names have no units such as email
        })).ToHashSet();
        var rules = (await Chart.RenderAsync("values-medium.yaml")).Select(resource => resource.Model).OfType<PrometheusRule>().Single();
        var asked = rules.Spec.Groups.SelectMany(group => group.Rules).SelectMany(rule => AskedMetric().Matches(rule.Expr)).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, metric => Assert.Contains(metric, known));
    }

    private static IEnumerable<(RenderedResource Resource, V1PodSpec Pod)> Pods(IEnumerable<RenderedResource> resources)
        => resources.Select(resource => (resource, Pod: resource.Model switch
        {
            V1Deployment deployment => deployment.Spec.Template.Spec,
            V1StatefulSet set => set.Spec.Template.Spec,
            V1Job job => job.Spec.Template.Spec,
            V1CronJob cron => cron.Spec.JobTemplate.Spec.Template.Spec,
            _ => null,
        })).Where(pair => pair.Pod is not null)!;

    [GeneratedRegex(@"^\| `([A-Za-z]+:[A-Za-z:<>]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedOption();

    [GeneratedRegex(@"^\| `(mailpace\.[a-z_.]+)` \| ([^ |]+)", RegexOptions.Multiline)]
    private static partial Regex DocumentedMetric();

    [GeneratedRegex(@"\b(mailpace_[a-z_]+?)(?:_total|_bucket)?\b(?=[\[{)\s])")]
    private static partial Regex AskedMetric();

    [GeneratedRegex(@"MAILPACE__([A-Za-z0-9_]+)")]
    private static partial Regex RenderedOption();

    /// <summary>The index of a list, as the document or as the environment has it.</summary>
    [GeneratedRegex(@"<[a-z]>|(?<=__)[0-9]+(?=__|$)")]
    private static partial Regex Numbers();
}
