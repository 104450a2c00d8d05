using k8s;
using k8s.Models;

namespace MailPace.Kubernetes.Tests.Resources;

/// <summary>
/// What the custom resources have in common. Each record below has the fields of its CRD that the chart may use, and no others, so that a
/// misspelled one fails. Sources: the CRDs of KEDA 2.17, cert-manager 1.17, Gateway API 1.2, prometheus-operator 0.80, OpenFaaS'
/// operator and CloudNativePG 1.25.
/// </summary>
public abstract class CustomResource<TSpec> : IKubernetesObject<V1ObjectMeta>, ISpec<TSpec>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec Spec { get; set; } = default!;
}
