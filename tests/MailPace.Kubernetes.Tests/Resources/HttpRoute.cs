namespace MailPace.Kubernetes.Tests.Resources;

public sealed class HttpRoute : CustomResource<HttpRouteSpec>;

public sealed class HttpRouteSpec
{
    public List<ParentReference> ParentRefs { get; set; } = [];

    public List<string> Hostnames { get; set; } = [];

    public List<RouteRule> Rules { get; set; } = [];
}

public sealed class ParentReference
{
    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public string? SectionName { get; set; }
}

public sealed class RouteRule
{
    public List<RouteMatch> Matches { get; set; } = [];

    public List<BackendReference> BackendRefs { get; set; } = [];
}

public sealed class RouteMatch
{
    public PathMatch? Path { get; set; }
}

public sealed class PathMatch
{
    public string? Type { get; set; }

    public string? Value { get; set; }
}

public sealed class BackendReference
{
    public string Name { get; set; } = "";

    public int? Port { get; set; }

    public int? Weight { get; set; }
}
