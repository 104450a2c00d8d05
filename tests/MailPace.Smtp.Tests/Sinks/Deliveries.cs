using System.Text;
using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Resolution;
using MailPace.Smtp.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Tests.Sinks;

internal static class Deliveries
{
    public const string Body = "Subject: hello\r\n\r\n.first\r\nline\r\n";

    public static SmtpDeliverer Deliverer(Action<SmtpOptions>? change = null, ResolverOptions? dns = null, TlsOptions? tls = null, IStsPolicyStore? store = null, TimeProvider? time = null)
    {
        var options = new SmtpOptions { HeloName = "client.example" };
        change?.Invoke(options);
        var resolvers = Options.Create(dns ?? new ResolverOptions { Resolvers = ["127.0.0.1:1"] });
        var lookup = new DnsLookup(resolvers);
        var policies = Options.Create(tls ?? new TlsOptions());
        var sts = new StsPolicies(lookup, new StsFetcher(lookup, resolvers, policies, TimeProvider.System), store ?? new StsMemory(), policies, time ?? TimeProvider.System, NullLogger<StsPolicies>.Instance);
        return new SmtpDeliverer(
            new MxResolver(lookup, resolvers, Random.Shared, NullLogger<MxResolver>.Instance),
            new TlsPolicies(lookup, sts, policies),
            Options.Create(options),
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public static DeliveryRequest To(ScriptedSink sink, params string[] recipients) => Request(new Route.Fixed("127.0.0.1", sink.Port), recipients);

    public static DeliveryRequest Request(Route route, params string[] recipients) => new()
    {
        Route = route,
        ReversePath = "bounces@example.com",
        Recipients = [.. (recipients.Length > 0 ? recipients : ["a@example.net"]).Select((address, i) => new JobRecipient(i, address))],
        Content = new MessageContent([Encoding.UTF8.GetBytes(Body)]),
        Size = Body.Length,
    };

    public static DeliveryRequest WithBody(this DeliveryRequest request, byte[] body) => request with { Content = new MessageContent([body]), Size = body.Length };
}
