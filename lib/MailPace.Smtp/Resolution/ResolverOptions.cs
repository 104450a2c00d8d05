using System.ComponentModel.DataAnnotations;
using System.Net;
using DnsClient;

namespace MailPace.Smtp.Resolution;

/// <summary>How mail exchangers are found.</summary>
public sealed class ResolverOptions : IValidatableObject
{
    public const string SectionName = "Dns";

    /// <summary>Recursive resolvers as <c>address</c> or <c>address:port</c>; empty (default): the machine's own.</summary>
    public string[] Resolvers { get; set; } = [];

    /// <summary>
    /// Addresses of resolvers whose word that DNSSEC validated an answer is taken although they aren't on this machine, because nobody else can
    /// answer in their name on the way; default none. It decides whether DANE applies.
    /// </summary>
    public string[] TrustedResolvers { get; set; } = [];

    /// <summary>How long one query may take; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a query is repeated; default 2.</summary>
    [Range(0, 10)]
    public int Retries { get; set; } = 2;

    /// <summary>Mail exchangers of one domain that are looked at; default 20.</summary>
    [Range(1, 100)]
    public int MaxHosts { get; set; } = 20;

    /// <summary>Addresses of all of them together; default 20.</summary>
    [Range(1, 100)]
    public int MaxAddresses { get; set; } = 20;

    /// <summary><c>IPv4First</c> (default) or <c>IPv6First</c>: both by turns; <c>IPv4Only</c>, <c>IPv6Only</c>.</summary>
    public AddressOrder AddressOrder { get; set; } = AddressOrder.IPv4First;

    /// <summary>
    /// Our own names as mail exchanger: a domain that names one of them isn't relayed to it or to a worse one (RFC 5321 §5.1).
    /// Always among them: <c>Smtp:HeloName</c> (where it is empty, the host name), and <c>SmtpEdge:HostName</c> where the settings have it.
    /// </summary>
    public string[] OwnNames { get; set; } = [];

    /// <summary>Our own addresses beside those of loopback: never connected to.</summary>
    public string[] OwnAddresses { get; set; } = [];

    /// <summary>Networks as CIDR that may be connected to although they aren't public, such as <c>10.1.0.0/16</c>; default none.</summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>For a client that tells answers from failures itself.</summary>
    public LookupClientOptions ToClientOptions()
    {
        var client = Resolvers.Length == 0
            ? new LookupClientOptions()
            : new LookupClientOptions([.. Resolvers.Select(resolver => EndPointOf(IPEndPoint.Parse(resolver)))]);
        client.Timeout = Timeout;
        client.Retries = Retries;
        client.UseCache = true;
        client.MaximumCacheTimeout = TimeSpan.FromDays(1);

        // Asks for the AD bit; and no larger answers than travel in one piece (DNS flag day 2020).
        client.RequestDnsSecRecords = true;
        client.ExtendedDnsBufferSize = 1232;
        client.ThrowDnsErrors = false;
        client.ContinueOnDnsError = true;
        return client;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var resolver in Resolvers.Where(resolver => !IPEndPoint.TryParse(resolver, out _)))
        {
            yield return new ValidationResult($"Dns:Resolvers: {resolver} is no address.", [nameof(Resolvers)]);
        }

        foreach (var resolver in TrustedResolvers.Where(resolver => !IPAddress.TryParse(resolver, out _)))
        {
            yield return new ValidationResult($"Dns:TrustedResolvers: {resolver} is no address.", [nameof(TrustedResolvers)]);
        }

        foreach (var address in OwnAddresses.Where(address => !IPAddress.TryParse(address, out _)))
        {
            yield return new ValidationResult($"Dns:OwnAddresses: {address} is no address.", [nameof(OwnAddresses)]);
        }

        foreach (var network in AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _)))
        {
            yield return new ValidationResult($"Dns:AllowedNetworks: {network} is no network.", [nameof(AllowedNetworks)]);
        }
    }

    private static NameServer EndPointOf(IPEndPoint resolver) => new(resolver.Address, resolver.Port == 0 ? 53 : resolver.Port);
}
