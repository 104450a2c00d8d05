using DnsClient;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Setup;

/// <summary>
/// Looks at every record of a domain by real queries, and says what is there and what is missing. What DNS can't tell is
/// <see cref="RecordState.Unknown"/>, never missing.
/// </summary>
public sealed class DomainChecker(DomainDns dns, DomainRecords records, DkimKeys keys, TimeProvider time)
{
    /// <summary>For someone who waits: DNS that is silent for so long can't tell.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<DomainReport> CheckAsync(Domain domain, CancellationToken cancellationToken)
    {
        var known = await keys.ListAsync(domain.Id, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var checks = await Task.WhenAll(records.For(domain.Name, known).Select(record => CheckAsync(domain.Name, record, known, limit.Token, cancellationToken)));
        return new DomainReport(time.GetUtcNow(), checks);
    }

    /// <summary>One key's record.</summary>
    public Task<RecordCheck> CheckKeyAsync(Domain domain, DkimKey key, CancellationToken cancellationToken)
        => CheckAsync(domain.Name, DomainRecords.OfKey(domain.Name, key), [key], cancellationToken, cancellationToken);

    private async Task<RecordCheck> CheckAsync(
        string domain, DomainRecord record, IReadOnlyList<DkimKey> known, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return record.Purpose switch
            {
                RecordPurpose.Dkim or RecordPurpose.DkimEd25519 => await CheckDkimAsync(record, known.First(key => DomainRecords.DkimName(domain, key) == record.Name), limit),
                RecordPurpose.ReturnPath => await CheckReturnPathAsync(record, limit),
                RecordPurpose.Spf => await CheckSpfAsync(record, limit),
                RecordPurpose.Dmarc => await CheckDmarcAsync(domain, record, limit),
                RecordPurpose.Mx => await CheckMxAsync(record, limit),
            };
        }
        catch (DnsUnavailableException failure)
        {
            return new RecordCheck(record, RecordState.Unknown, [], failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RecordCheck(record, RecordState.Unknown, [], $"DNS didn't tell the {record.Type} record of {record.Name} in time.");
        }
    }

    private async Task<RecordCheck> CheckDkimAsync(DomainRecord record, DkimKey key, CancellationToken cancellationToken)
    {
        var found = await TextsAsync(record.Name, cancellationToken);
        return found.Count switch
        {
            0 => new RecordCheck(record, RecordState.Missing, found, $"{record.Name} is missing: DNS has no TXT record there."),
            1 => DkimRecord.FindFault(found[0], key) is { } fault
                ? new RecordCheck(record, RecordState.Wrong, found, $"{record.Name} is wrong: {fault}.")
                : new RecordCheck(record, RecordState.Found, found, null),
            _ => new RecordCheck(record, RecordState.Wrong, found, $"{record.Name} is wrong: it has {found.Count} TXT records, and verifiers take one only."),
        };
    }

    private async Task<RecordCheck> CheckReturnPathAsync(DomainRecord record, CancellationToken cancellationToken)
    {
        var answers = await dns.QueryAsync(record.Name, QueryType.CNAME, cancellationToken);
        List<string> found = [.. answers.CnameRecords().Where(cname => NameOf(cname.DomainName) == record.Name).Select(static cname => NameOf(cname.CanonicalName))];
        if (found.Count == 0)
        {
            return new RecordCheck(
                record, RecordState.Missing, found, $"{record.Name} is missing: DNS has no CNAME there. Until then bounces go to {record.Value}, and SPF passes for that host and not for the domain.");
        }

        return string.Equals(found[0], record.Value, StringComparison.OrdinalIgnoreCase)
            ? new RecordCheck(record, RecordState.Found, found, null)
            : new RecordCheck(record, RecordState.Wrong, found, $"{record.Name} is wrong: it leads elsewhere.");
    }

    /// <summary>SPF is looked up at the return-path's domain (RFC 7208 §2.4), through its CNAME.</summary>
    private async Task<RecordCheck> CheckSpfAsync(DomainRecord record, CancellationToken cancellationToken)
    {
        List<string> found = [.. (await TextsAsync(record.Name, cancellationToken)).Where(static text => IsVersion(text, "v=spf1"))];
        return found.Count switch
        {
            0 => new RecordCheck(record, RecordState.Missing, found, $"{record.Name} has no SPF record; it comes with the CNAME of the return-path."),
            1 => new RecordCheck(record, RecordState.Found, found, null),
            _ => new RecordCheck(record, RecordState.Wrong, found, $"{record.Name} has {found.Count} SPF records; with more than one, SPF fails for good (RFC 7208 §4.5)."),
        };
    }

    /// <summary>The domain's own policy, or the one of a domain above it (RFC 7489 §6.6.3, RFC 9989 §4.10).</summary>
    private async Task<RecordCheck> CheckDmarcAsync(string domain, DomainRecord record, CancellationToken cancellationToken)
    {
        for (var at = domain; at.Contains('.', StringComparison.Ordinal); at = at[(at.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            var name = DomainRecords.DmarcName(at);
            List<string> found = [.. (await TextsAsync(name, cancellationToken)).Where(static text => IsVersion(text, "v=DMARC1"))];
            if (found.Count > 1)
            {
                return new RecordCheck(record, RecordState.Wrong, found, $"{name} has {found.Count} DMARC records; with more than one, none counts.");
            }

            if (found.Count == 1)
            {
                return HasPolicy(found[0])
                    ? new RecordCheck(record, RecordState.Found, found, at == domain ? null : $"The policy of {at} counts for {domain}.")
                    : new RecordCheck(record, RecordState.Wrong, found, $"{name} is wrong: it has no p= of none, quarantine or reject.");
            }
        }

        return new RecordCheck(record, RecordState.Missing, [], $"{record.Name} is missing: DNS has no DMARC record there. Large receivers want one.");
    }

    private async Task<RecordCheck> CheckMxAsync(DomainRecord record, CancellationToken cancellationToken)
    {
        var answers = await dns.QueryAsync(record.Name, QueryType.MX, cancellationToken);
        List<string> found = [.. answers.MxRecords().OrderBy(static mx => mx.Preference).Select(static mx => $"{mx.Preference} {NameOf(mx.Exchange)}")];
        return found.Count > 0
            ? new RecordCheck(record, RecordState.Found, found, null)
            : new RecordCheck(record, RecordState.Missing, found, $"{record.Name} has no mail exchanger: replies to its addresses can't arrive.");
    }

    private async Task<List<string>> TextsAsync(string name, CancellationToken cancellationToken)
        => [.. (await dns.QueryAsync(name, QueryType.TXT, cancellationToken)).TxtRecords().Select(static record => string.Concat(record.Text))];

    private static bool IsVersion(string text, string version)
        => text.StartsWith(version, StringComparison.OrdinalIgnoreCase) && (text.Length == version.Length || text[version.Length] is ' ' or ';');

    private static bool HasPolicy(string record)
        => record.Split(';', StringSplitOptions.TrimEntries).Select(static tag => tag.Split('=', 2, StringSplitOptions.TrimEntries))
            .Any(static tag => tag.Length == 2 && tag[0] == "p" && tag[1].ToLowerInvariant() is "none" or "quarantine" or "reject");

    private static string NameOf(DnsString name) => name.Value.TrimEnd('.').ToLowerInvariant();
}
