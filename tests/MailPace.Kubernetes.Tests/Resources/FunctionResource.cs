namespace MailPace.Kubernetes.Tests.Resources;

public sealed class FunctionResource : CustomResource<FunctionSpec>;

public sealed class FunctionSpec
{
    public string Name { get; set; } = "";

    public string Image { get; set; } = "";

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }

    public Dictionary<string, string>? Environment { get; set; }

    public List<string>? Secrets { get; set; }

    public List<string>? Constraints { get; set; }

    public Dictionary<string, string>? Requests { get; set; }

    public Dictionary<string, string>? Limits { get; set; }

    public bool? ReadOnlyRootFilesystem { get; set; }
}
