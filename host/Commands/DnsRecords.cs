using MailPace.Dashboard.Setup;
using MailPace.Mail.Dkim;
using MailPace.Mail.Retries;
using MailPace.Storage.Accounts;
using Microsoft.Extensions.Options;

namespace MailPace.Host.Commands;

/// <summary>The DNS records that a domain is to publish, as lines for a zone file.</summary>
internal static class DnsRecords
{
    /// <summary>
    /// Until when a retired key's record must stay: mail signed with it is tried to the end of the retry horizon, and receivers
    /// may verify days after that. Null for a key that isn't retired.
    /// </summary>
    public static DateTimeOffset? KeepUntil(CommandRun run, DkimKey key)
        => key.RetiredAt + run.Get<IOptions<RetryOptions>>().Value.Horizon + TimeSpan.FromDays(4);

    /// <summary>Everything that the domain is to publish now.</summary>
    public static async Task WriteAsync(CommandRun run, Domain domain)
    {
        var keys = await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token);
        await run.SayAsync("Publish these records:");
        await WriteKeysAsync(run, domain, keys.Where(key => key.State == DkimKeyState.Signing));
        await run.SayAsync($"  {DomainRecords.ReturnPathName(domain.Name)}.  CNAME  {run.Get<DomainRecords>().ReturnPathHost}.");
        await run.SayAsync($"  {DomainRecords.DmarcName(domain.Name)}.  TXT    {TxtStrings.Quote("v=DMARC1; p=none")}");
        if (keys.Any(key => key.State == DkimKeyState.Prepared))
        {
            await WritePreparedAsync(run, domain, keys);
        }

        await WriteRetiredAsync(run, domain, keys);
    }

    public static async Task WritePreparedAsync(CommandRun run, Domain domain, IReadOnlyList<DkimKey> keys)
    {
        await run.SayAsync("Publish these for the new keys:");
        await WriteKeysAsync(run, domain, keys.Where(key => key.State == DkimKeyState.Prepared));
        await run.SayAsync($"They sign after: mailpace keys activate {domain.Name}");
    }

    /// <summary>The retired keys whose records may not go yet; says nothing when there are none.</summary>
    public static async Task WriteRetiredAsync(CommandRun run, Domain domain, IReadOnlyList<DkimKey> keys)
    {
        var now = run.Get<TimeProvider>().GetUtcNow();
        var kept = keys.Where(key => KeepUntil(run, key) > now).ToList();
        if (kept.Count == 0)
        {
            return;
        }

        await run.SayAsync("Keep the old keys' records published until the time given: mail under way was signed with them.");
        foreach (var key in kept)
        {
            await run.SayAsync($"  {DomainRecords.DkimName(domain.Name, key)}.  until {CommandText.Of(KeepUntil(run, key))}");
        }
    }

    private static async Task WriteKeysAsync(CommandRun run, Domain domain, IEnumerable<DkimKey> keys)
    {
        foreach (var key in keys)
        {
            await run.SayAsync($"  {DomainRecords.DkimName(domain.Name, key)}.  TXT    {TxtStrings.Quote(DkimKeyPair.TxtRecord(key.Algorithm, key.PublicKey))}");
        }
    }
}
