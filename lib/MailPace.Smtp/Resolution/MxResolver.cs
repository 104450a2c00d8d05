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
    /// <summary>Made at the first use: who delivers to a fixed host needs no resolver.</summary>
    private readonly Lazy<LookupClient> _dns;

    /// <param name="options">Validated options.</param>
    /// <param name="random">Shuffles equals; safe across threads.</param>
    /// <param name="logger">Gets the addresses that were passed over.</param>
    public MxResolver(IOptions<ResolverOptions> options, Random random, ILogger<MxResolver> logger)
    {
        _options = options.Value;
        _policy = new AddressPolicy(_options);
        _random = random;
        _logger = logger;
        _dns = new Lazy<LookupClient>(() => new LookupClient(_options.ToClientOptions()));
    }

    /// <param name="domain">An A-label.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<MailHosts> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await QueryAsync(domain, QueryType.MX, cancellationToken);
        if (answer.Kind == AnswerKind.NoSuchName)
        {
            return Missing("5.1.2", $"domain {domain} doesn't exist");
        }

        if (answer.Kind == AnswerKind.Unknown)
        {
            return Missing("4.4.3", $"DNS can't tell the mail exchangers of {domain} now");
        }

        var exchangers = answer.Records.OfType<MxRecord>().ToList();
        if (exchangers.Count == 0)
        {
            return await FindHostsAsync(domain, [domain], cancellationToken);
        }

        if (exchangers is [{ Exchange.Value: "." }])
        {
            return new MailHosts.Missing(new RemoteReply(556, "5.1.10", $"domain {domain} takes no mail (null MX)"));
        }

        var names = InOrder(exchangers);
        return names.Count == 0
            ? Missing("5.4.6", $"mail for {domain} would come back to us")
            : await FindHostsAsync(domain, names, cancellationToken);
    }

    private static bool IsName(string name)
    {
        try
        {
            return DnsString.Parse(name).Value.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
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

    private async Task<MailHosts> FindHostsAsync(string domain, List<string> names, CancellationToken cancellationToken)
    {
        List<MailHost> hosts = [];
        var isUncertain = false;
        var arePassedOver = false;
        var left = _options.MaxAddresses;
        foreach (var name in names.TakeWhile(_ => left > 0))
        {
            var answers = await Task.WhenAll(QueryAsync(name, QueryType.A, cancellationToken), QueryAsync(name, QueryType.AAAA, cancellationToken));
            isUncertain |= Array.Exists(answers, answer => answer.Kind == AnswerKind.Unknown);
            var all = answers.SelectMany(answer => answer.Records.OfType<AddressRecord>()).Select(record => record.Address).Distinct().ToList();
            var allowed = all.Where(_policy.Allows).Take(left).ToList();
            if (allowed.Count < Math.Min(all.Count, left))
            {
                arePassedOver = true;
                LogPassedOver(_logger, name, domain);
            }

            if (allowed.Count > 0)
            {
                hosts.Add(new MailHost(name, allowed));
                left -= allowed.Count;
            }
        }

        if (hosts.Count > 0)
        {
            return new MailHosts.Found(hosts);
        }

        if (isUncertain)
        {
            return Missing("4.4.3", $"DNS can't tell the addresses of {domain}'s mail exchangers now");
        }

        return arePassedOver
            ? Missing("5.4.4", $"mail exchangers of {domain} have no public address")
            : Missing("5.4.4", $"mail exchangers of {domain} have no address");
    }

    private async Task<Answer> QueryAsync(string name, QueryType type, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            return new Answer(AnswerKind.NoSuchName, []);
        }

        try
        {
            // The name is absolute: the resolver's search list is none of a recipient's business.
            var response = await _dns.Value.QueryAsync(name + ".", type, cancellationToken: cancellationToken);
            return response.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => new Answer(AnswerKind.Records, response.Answers),
                DnsHeaderResponseCode.NotExistentDomain => new Answer(AnswerKind.NoSuchName, []),
                _ => new Answer(AnswerKind.Unknown, []),
            };
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong, a machine without a resolver included: it says nothing about the domain.
            return new Answer(AnswerKind.Unknown, []);
        }
    }

    [LoggerMessage(SmtpEventIds.AddressRefused, LogLevel.Warning, "Mail exchanger {Host} of {Domain} names addresses that aren't connected to")]
    private static partial void LogPassedOver(ILogger logger, string host, string domain);

    private enum AnswerKind
    {
        Records,
        NoSuchName,
        Unknown,
    }

    private readonly record struct Answer(AnswerKind Kind, IReadOnlyList<DnsResourceRecord> Records);
}
