using k8s;
using k8s.Models;
using MailPace.Kubernetes.Tests.Resources;

namespace MailPace.Kubernetes.Tests;

/// <summary>A resource, read strictly: a field that its kind doesn't have is an error.</summary>
internal sealed record RenderedResource(string Kind, string Name, object Model, string Yaml)
{
    private static readonly Dictionary<(string ApiVersion, string Kind), Func<string, object>> Readers = new()
    {
        [("apps/v1", "Deployment")] = Strict<V1Deployment>,
        [("apps/v1", "StatefulSet")] = Strict<V1StatefulSet>,
        [("autoscaling/v2", "HorizontalPodAutoscaler")] = Strict<V2HorizontalPodAutoscaler>,
        [("batch/v1", "CronJob")] = Strict<V1CronJob>,
        [("batch/v1", "Job")] = Strict<V1Job>,
        [("networking.k8s.io/v1", "Ingress")] = Strict<V1Ingress>,
        [("networking.k8s.io/v1", "NetworkPolicy")] = Strict<V1NetworkPolicy>,
        [("policy/v1", "PodDisruptionBudget")] = Strict<V1PodDisruptionBudget>,
        [("v1", "ConfigMap")] = Strict<V1ConfigMap>,
        [("v1", "Service")] = Strict<V1Service>,
        [("cert-manager.io/v1", "Certificate")] = Strict<Certificate>,
        [("gateway.networking.k8s.io/v1", "HTTPRoute")] = Strict<HttpRoute>,
        [("keda.sh/v1alpha1", "ScaledObject")] = Strict<ScaledObject>,
        [("monitoring.coreos.com/v1", "PrometheusRule")] = Strict<PrometheusRule>,
        [("monitoring.coreos.com/v1", "ServiceMonitor")] = Strict<ServiceMonitor>,
        [("openfaas.com/v1", "Function")] = Strict<FunctionResource>,
        [("postgresql.cnpg.io/v1", "Cluster")] = Strict<PostgresCluster>,
    };

    public static bool IsResource(string document) => document.Split('\n').Any(line => line.StartsWith("kind:", StringComparison.Ordinal));

    public static RenderedResource Parse(string document)
    {
        var header = KubernetesYaml.Deserialize<KubernetesObject>(document);
        Assert.True(Readers.TryGetValue((header.ApiVersion, header.Kind), out var read), $"No schema for {header.ApiVersion} {header.Kind}");
        var model = read(document);
        return new RenderedResource(header.Kind, ((IMetadata<V1ObjectMeta>)model).Metadata.Name, model, document);
    }

    private static object Strict<T>(string document)
        where T : notnull
        => KubernetesYaml.Deserialize<T>(document, strict: true);
}
