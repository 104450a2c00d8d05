using MailPace.Mail.Dkim;
using MailPace.Storage.Accounts;
using Microsoft.Extensions.Configuration;

namespace MailPace.Host.Commands;

/// <summary>The DNS records that a domain is to publish.</summary>
internal static class DnsRecords
{
    public static string DkimName(Domain domain, DkimKey key) => $"{key.Selector}._domainkey.{domain.Name}";

    public static string ReturnPathName(Domain domain) => $"mailer.{domain.Name}";

    /// <summary>The platform's own return-path host, as <c>sign</c> has it.</summary>
    public static string ReturnPathHost(CommandRun run) => run.Get<IConfiguration>()["ReturnPath:Host"] ?? "localhost";

    public static async Task WriteAsync(CommandRun run, Domain domain)
    {
        var keys = await run.Get<DkimKeys>().ListAsync(domain.Id, run.Token);
        await run.SayAsync("Publish these records:");
        foreach (var key in keys.Where(k => k.RetiredAt is null))
        {
            await run.SayAsync($"  {DkimName(domain, key)}.  TXT    \"{DkimKeyPair.TxtRecord(key.Algorithm, key.PublicKey)}\"");
        }

        await run.SayAsync($"  {ReturnPathName(domain)}.  CNAME  {ReturnPathHost(run)}.");
        await run.SayAsync($"  _dmarc.{domain.Name}.  TXT    \"v=DMARC1; p=none\"");
    }
}
