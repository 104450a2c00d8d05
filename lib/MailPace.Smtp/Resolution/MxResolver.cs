using DnsClient;
using DnsClient.Protocol;
using MailPace.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Resolution;

/// <summary>
/// Finds the mail exchangers of a domain (RFC 5321 §5.1): by preference, shuffled among equals, the domain itself where there is no MX, null MX (RFC 7505).
/// "Doesn't exist" is an answer and permanent; "can't tell" is transient.
/// </summary>
public sealed partial class MxResolver
{
    private readonly ResolverOptions _options;
    private readonly AddressPolicy _policy;
    private readonly Random _random;
    private readonly ILogger<MxResolver> _logger;
    private readonly DnsLookup _dns;

    /// <param name="dns">Asks.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="random">Shuffles equals; safe across threads.</param>
    /// <param name="logger">Gets the addresses that were passed over.</param>
    public MxResolver(DnsLookup dns, IOptions<ResolverOptions> options, Random random, ILogger<MxResolver> logger)
    {
        _options = options.Value;
        _policy = new AddressPolicy(_options);
        _random = random;
        _logger = logger;
        _dns = dns;
    }

    /// <param name="domain">An A-label.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<MailHosts> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await _dns.QueryAsync(domain, QueryType.MX, cancellationToken);
        if (answer.Kind == DnsAnswerKind.NoSuchName)
        {
            return Missing("5.1.2", $"domain {domain} doesn't exist");
        }

        if (answer.Kind == DnsAnswerKind.Unknown)
        {
            return Missing("4.4.3", $"DNS can't tell the mail exchangers of {domain} now");
        }

        var exchangers = answer.Records.OfType<MxRecord>().ToList();
        if (exchangers.Count == 0)
        {
            return await FindHostsAsync(domain, [domain], answer.IsSecure, cancellationToken);
        }

        if (exchangers is [{ Exchange.Value: "." }])
        {
            return new MailHosts.Missing(new RemoteReply(556, "5.1.10", $"domain {domain} takes no mail (null MX)"));
        }

        var names = InOrder(exchangers);
        return names.Count == 0
            ? Missing("5.4.6", $"mail for {domain} would come back to us")
            : await FindHostsAsync(domain, names, answer.IsSecure, cancellationToken);
    }

    private static MailHosts.Missing Missing(string enhanced, string text) => new(new RemoteReply(0, enhanced, text));

    private static string NameOf(DnsString name) => name.Value.TrimEnd('.').ToLowerInvariant();

    private List<string> InOrder(List<MxRecord> exchangers)
    {
        var own = exchangers.Where(record => _options.OwnNames.Contains(NameOf(record.Exchange), StringComparer.OrdinalIgnoreCase)).ToList();
        var worst = own.Count == 0 ? int.MaxValue : own.Min(record => record.Preference);
        var better = exchangers.Where(record => record.Preference < worst && NameOf(record.Exchange).Length > 0).ToArray();
        _random.Shuffle(better);
        return [.. better.OrderBy(record => record.Preference).Select(record => NameOf(record.Exchange)).Distinct().Take(_options.MaxHosts)];
    }

    private async Task<MailHosts> FindHostsAsync(string domain, List<string> names, bool isSecure, CancellationToken cancellationToken)
    {
        List<MailHost> hosts = [];
        var isUncertain = false;
        var arePassedOver = false;
        var left = _options.MaxAddresses;
        foreach (var name in names.TakeWhile(_ => left > 0))
        {
            var answers = await Task.WhenAll(_dns.QueryAsync(name, QueryType.A, cancellationToken), _dns.QueryAsync(name, QueryType.AAAA, cancellationToken));
            isUncertain |= Array.Exists(answers, answer => answer.Kind == DnsAnswerKind.Unknown);
            var all = answers.SelectMany(answer => answer.Records.OfType<AddressRecord>()).Select(record => record.Address).Distinct().ToList();
            var allowed = _options.AddressOrder.Sort([.. all.Where(_policy.Allows)]).Take(left).ToList();
            if (!all.TrueForAll(_policy.Allows))
            {
                arePassedOver = true;
                LogPassedOver(_logger, name, domain);
            }

            if (allowed.Count > 0)
            {
                hosts.Add(new MailHost(name, allowed) { SecureNames = isSecure ? SecureNames(name, answers) : [] });
                left -= allowed.Count;
            }
        }

        if (hosts.Count > 0)
        {
            return new MailHosts.Found(hosts) { IsSecure = isSecure };
        }

        if (isUncertain)
        {
            return Missing("4.4.3", $"DNS can't tell the addresses of {domain}'s mail exchangers now");
        }

        return arePassedOver
            ? Missing("5.4.4", $"mail exchangers of {domain} have no public address")
            : Missing("5.4.4", $"mail exchangers of {domain} have no address");
    }

    private static string[] SecureNames(string name, DnsAnswer[] answers)
    {
        var withAddresses = answers.Where(answer => answer.Records.OfType<AddressRecord>().Any()).ToList();
        var canonical = NameOf(withAddresses[0].Records.OfType<AddressRecord>().First().DomainName);
        return withAddresses.TrueForAll(answer => answer.IsSecure) ? [.. new[] { canonical, name }.Distinct()] : [];
    }

    [LoggerMessage(SmtpEventIds.AddressRefused, LogLevel.Warning, "Mail exchanger {Host} of {Domain} names addresses that aren't connected to")]
    private static partial void LogPassedOver(ILogger logger, string host, string domain);
}
