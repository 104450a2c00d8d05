using MailPace.Smtp.Delivery;

namespace MailPace.Deliver;

/// <summary>Which way a recipient domain's mail goes: its own entry, the closest one above it, the one for all the rest, or the general route.</summary>
internal sealed class RouteTable
{
    private readonly DeliverOptions _options;
    private readonly Dictionary<string, DomainRouteOptions> _routes = new(StringComparer.OrdinalIgnoreCase);

    public RouteTable(DeliverOptions options)
    {
        _options = options;
        foreach (var route in options.Routes)
        {
            _routes[route.Domain.TrimEnd('.')] = route;
        }
    }

    /// <param name="domain">An A-label.</param>
    public Route For(string domain)
    {
        if (_routes.Count > 0 && Closest(domain) is { } own)
        {
            return own.Route switch
            {
                DeliveryRoute.Sandbox => Sandbox(),
                DeliveryRoute.Smarthost => new Route.Fixed(own.Host, own.Port),
                DeliveryRoute.Mx => new Route.Mx(own.Host.Length > 0 ? own.Host : domain),
            };
        }

        return _options.Route switch
        {
            DeliveryRoute.Sandbox => Sandbox(),
            DeliveryRoute.Smarthost => new Route.Fixed(_options.Smarthost.Host, _options.Smarthost.Port),
            DeliveryRoute.Mx => new Route.Mx(domain),
        };
    }

    private Route.Fixed Sandbox() => new(_options.Sandbox.Host, _options.Sandbox.Port);

    private DomainRouteOptions? Closest(string domain)
    {
        if (_routes.TryGetValue(domain, out var exact))
        {
            return exact;
        }

        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = domain.IndexOf('.', dot + 1))
        {
            if (_routes.TryGetValue(domain[dot..], out var above))
            {
                return above;
            }
        }

        return _routes.GetValueOrDefault("*");
    }
}
