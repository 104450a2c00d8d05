using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using DnsClient;
using DnsClient.Protocol;
using MailPace.Contracts;
using MailPace.Smtp.Resolution;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPace.Smtp.Security;

/// <summary>
/// Knows the MTA-STS policies of domains (RFC 8461). Specification:
/// <list type="bullet">
/// <item>The TXT record says whether there is a policy and which; another id than the remembered one's leads to a fetch.</item>
/// <item>A policy counts until its max_age after it was fetched, also when DNS or HTTPS are silent or say otherwise: who can suppress them can't suppress the policy.</item>
/// <item>A fetch that failed is tried again after <see cref="TlsOptions.StsRetryAfter"/>, and of one domain one fetch is under way at a time.</item>
/// </list>
/// </summary>
internal sealed partial class StsPolicies(DnsLookup dns, StsFetcher fetcher, IStsPolicyStore store, IOptions<TlsOptions> options, TimeProvider time, ILogger<StsPolicies> logger)
{
    private const int MostRemembered = 50_000;

    /// <summary>Most domains have no policy: that nobody knew one is remembered for this time.</summary>
    private static readonly TimeSpan AskStoreAgain = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Remembered> _known = new(StringComparer.OrdinalIgnoreCase);

    public async Task<StsAnswer> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var id = IdOf(await dns.QueryAsync($"_mta-sts.{domain}", QueryType.TXT, cancellationToken));
        var known = _known.GetOrAdd(domain, static _ => new Remembered());
        await known.Gate.WaitAsync(cancellationToken);
        try
        {
            return await RefreshAsync(domain, id, known, cancellationToken);
        }
        finally
        {
            known.Gate.Release();
            Forget();
        }
    }

    /// <returns>Null where there isn't exactly one record, as the standard wants it (§3.1).</returns>
    private static string? IdOf(DnsAnswer answer)
    {
        string[] texts = [.. answer.Records.OfType<TxtRecord>().Select(record => string.Concat(record.Text)).Where(text => text.StartsWith("v=STSv1;", StringComparison.Ordinal))];
        return texts is [var only] && IdField().Match(only) is { Success: true } match ? match.Groups[1].Value : null;
    }

    private async Task<StsAnswer> RefreshAsync(string domain, string? id, Remembered known, CancellationToken cancellationToken)
    {
        if (known.Entry is null && time.GetUtcNow() >= known.AskStoreAt)
        {
            known.AskStoreAt = time.GetUtcNow() + AskStoreAgain;
            if (await StoredAsync(domain, cancellationToken) is { } stored)
            {
                known.Take(stored);
            }
        }

        var policy = known.Policy is { } held && time.GetUtcNow() < known.Entry!.FetchedAt + held.MaxAge ? held : null;
        if (id is null || (policy is not null && known.Entry!.Id == id))
        {
            return new StsAnswer(policy, null, null);
        }

        if (known.FailedId == id && time.GetUtcNow() < known.RetryAt)
        {
            return new StsAnswer(policy, known.Fault, known.Detail);
        }

        var (text, fault, detail) = await fetcher.FetchAsync(domain, cancellationToken);
        var fetched = text is null ? null : StsPolicy.Parse(text);
        if (fetched is null)
        {
            known.Fail(id, fault ?? TlsFault.StsPolicyInvalid, detail ?? "the content is no policy", time.GetUtcNow() + options.Value.StsRetryAfter);
            LogFetchFailed(logger, domain, known.Detail!);
            return new StsAnswer(policy, known.Fault, known.Detail);
        }

        known.Take(new StsEntry(id, text!, time.GetUtcNow()));
        await SaveAsync(domain, known.Entry!, fetched.MaxAge, cancellationToken);
        return new StsAnswer(fetched, null, null);
    }

    private async Task<StsEntry?> StoredAsync(string domain, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(domain, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogStoreFailed(logger, failure.Message);
            return null;
        }
    }

    private async Task SaveAsync(string domain, StsEntry entry, TimeSpan maxAge, CancellationToken cancellationToken)
    {
        try
        {
            await store.SaveAsync(domain, entry, maxAge, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogStoreFailed(logger, failure.Message);
        }
    }

    /// <summary>The store remembers them all; who is forgotten here is asked for there.</summary>
    private void Forget()
    {
        if (_known.Count > MostRemembered)
        {
            _known.Clear();
        }
    }

    [GeneratedRegex(@"^v=STSv1;(?:.*;)?[ \t]*id[ \t]*=[ \t]*([A-Za-z0-9]{1,32})[ \t]*(?:;|$)")]
    private static partial Regex IdField();

    [LoggerMessage(SmtpEventIds.StsFetchFailed, LogLevel.Warning, "The MTA-STS policy of {Domain} can't be had: {Reason}")]
    private static partial void LogFetchFailed(ILogger logger, string domain, string reason);

    [LoggerMessage(SmtpEventIds.StsStoreFailed, LogLevel.Warning, "MTA-STS policies are remembered by this process alone for now: {Reason}")]
    private static partial void LogStoreFailed(ILogger logger, string reason);

    /// <summary>What is known of one domain; its gate is held by who reads or changes it.</summary>
    private sealed class Remembered
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public DateTimeOffset AskStoreAt { get; set; }

        public StsEntry? Entry { get; private set; }

        public StsPolicy? Policy { get; private set; }

        public string? FailedId { get; private set; }

        public TlsFault? Fault { get; private set; }

        public string? Detail { get; private set; }

        public DateTimeOffset RetryAt { get; private set; }

        public void Take(StsEntry entry)
        {
            Entry = entry;
            Policy = StsPolicy.Parse(entry.Text);
            FailedId = null;
        }

        public void Fail(string id, TlsFault fault, string detail, DateTimeOffset retryAt)
        {
            FailedId = id;
            Fault = fault;
            Detail = detail;
            RetryAt = retryAt;
        }
    }
}
