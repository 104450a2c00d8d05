using System.Globalization;
using MailPace.Testing;

[assembly: AssemblyFixture(typeof(MailPace.Clients.Tests.ClientFixture))]

namespace MailPace.Clients.Tests;

/// <summary>The platform, delivering to a real Postfix; started once for all clients.</summary>
public sealed class ClientFixture : IAsyncDisposable
{
    private readonly Lazy<Task<Parts>> _parts;

    public ClientFixture() => _parts = new Lazy<Task<Parts>>(StartAsync);

    internal Task<Parts> StartedAsync() => _parts.Value;

    public async ValueTask DisposeAsync()
    {
        if (_parts.IsValueCreated && _parts.Value.IsCompletedSuccessfully)
        {
            var parts = await _parts.Value;
            await parts.Platform.DisposeAsync();
            await parts.Postfix.DisposeAsync();
            await parts.Nats.DisposeAsync();
            await parts.Postgres.DisposeAsync();
        }
    }

    private static async Task<Parts> StartAsync()
    {
        var postfix = await PostfixReceiver.StartAsync();
        var nats = await NatsServer.StartAsync();
        var postgres = await PostgresServer.StartAsync();
        var platform = await Platform.StartAsync(
            nats,
            await postgres.CreateDatabaseAsync(),
            ("Delivery:Route", "smarthost"),
            ("Delivery:Smarthost:Port", postfix.Port.ToString(CultureInfo.InvariantCulture)));
        var keys = Path.Combine(platform.WorkDirectory, "dkim.keys");
        await File.WriteAllTextAsync(keys, DkimKeys(await platform.CommandAsync("domain", "show", platform.Domain)));
        return new Parts(nats, postgres, postfix, platform, keys);
    }

    /// <summary>The DNS records that <c>mailpace domain show</c> prints, as the lines that the verifiers read.</summary>
    private static string DkimKeys(string output)
    {
        var lines = output.Split('\n').Where(static line => line.Contains("._domainkey.", StringComparison.Ordinal) && line.Contains("v=DKIM1", StringComparison.Ordinal));
        return string.Concat(lines.Select(static line =>
        {
            var name = line.Split([' ', '\t', '"'], StringSplitOptions.RemoveEmptyEntries).First(static word => word.Contains("._domainkey.", StringComparison.Ordinal)).TrimEnd('.');
            return $"{name} {line[line.IndexOf("v=DKIM1", StringComparison.Ordinal)..].Trim().Trim('"')}\n";
        }));
    }

    internal sealed record Parts(NatsServer Nats, PostgresServer Postgres, PostfixReceiver Postfix, Platform Platform, string DkimKeysPath);
}
