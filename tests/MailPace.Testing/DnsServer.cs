using System.Globalization;
using System.Text;

namespace MailPace.Testing;

/// <summary>
/// Real zones: Debian's Knot DNS serves and signs them, and Debian's Unbound resolves and validates them for the platform, both
/// without privileges, on free loopback ports.
/// </summary>
public sealed class DnsServer : IAsyncDisposable
{
    private readonly TestDirectory _directory = TestDirectory.Create();
    private readonly DnsZone[] _zones;
    private readonly int _authorityPort = FreePort.Next();
    private readonly int _resolverPort = FreePort.Next();
    private ServerProcess? _authority;
    private ServerProcess? _resolver;

    private DnsServer(DnsZone[] zones) => _zones = zones;

    /// <summary>Of the validating resolver, as address and port.</summary>
    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_resolverPort}");

    /// <summary>Of the authoritative server, which validates nothing.</summary>
    public string AuthorityEndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_authorityPort}");

    public static async Task<DnsServer> StartAsync(params DnsZone[] zones)
    {
        var server = new DnsServer(zones);
        try
        {
            await server.StartAuthorityAsync();
            await server.StartResolverAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ServerProcess?[])[_resolver, _authority])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _directory.Dispose();
    }

    private async Task StartAuthorityAsync()
    {
        var configuration = _directory.Combine("knot.conf");
        Directory.CreateDirectory(_directory.Combine("db"));
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            server:
                rundir: {_directory.Path}
                listen: 127.0.0.1@{_authorityPort}
                background-workers: 1
                udp-workers: 1
                tcp-workers: 1
            database:
                storage: {_directory.Path}/db
            log:
              - target: stderr
                any: info
            policy:
              - id: test
                algorithm: ecdsap256sha256
                single-type-signing: on
            template:
              - id: default
                storage: {_directory.Path}
                zonefile-load: whole
                zonefile-sync: -1
                journal-content: none
            zone:

            """));
        foreach (var zone in _zones)
        {
            await File.WriteAllTextAsync(_directory.Combine(zone.Name + ".zone"), $"""
                $ORIGIN {zone.Name}.
                $TTL 60
                @ SOA ns hostmaster 1 3600 600 86400 60
                @ NS ns
                ns A 127.0.0.1
                {zone.Records}

                """);
            text.AppendLine(CultureInfo.InvariantCulture, $"  - domain: {zone.Name}");
            if (zone.IsSigned)
            {
                text.AppendLine("    dnssec-signing: on").AppendLine("    dnssec-policy: test");
            }
        }

        await File.WriteAllTextAsync(configuration, text.ToString());
        foreach (var zone in _zones.Where(zone => zone.IsSigned))
        {
            await RunAsync("keymgr", "-c", configuration, zone.Name, "generate", "algorithm=ecdsap256sha256", "ksk=yes", "zsk=yes");
        }

        var log = _directory.Combine("knot.log");
        _authority = ServerProcess.Start(log, null, Tools.Program("knotd"), "-c", configuration);
        await FreePort.WaitForListenerAsync(_authorityPort, log, _authority);
    }

    private async Task StartResolverAsync()
    {
        var configuration = _directory.Combine("unbound.conf");
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            remote-control:
                control-enable: no
            server:
                interface: 127.0.0.1
                port: {_resolverPort}
                chroot: ""
                username: ""
                directory: "{_directory.Path}"
                pidfile: ""
                use-syslog: no
                verbosity: 1
                val-log-level: 2
                do-ip6: no
                do-not-query-localhost: no
                module-config: "validator iterator"
                target-fetch-policy: "0 0 0 0 0"
                infra-host-ttl: 1

            """));
        foreach (var zone in _zones)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    local-zone: \"{zone.Name}.\" transparent");
            if (zone.IsSigned)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    trust-anchor: \"{(await RunAsync("keymgr", "-c", _directory.Combine("knot.conf"), zone.Name, "ds")).Split('\n')[0]}\"");
            }
            else if (zone.IsBogus)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    trust-anchor: \"{zone.Name}. DS 1 13 2 {new string('0', 64)}\"");
            }
        }

        foreach (var zone in _zones)
        {
            text.AppendLine("stub-zone:").AppendLine(CultureInfo.InvariantCulture, $"    name: \"{zone.Name}.\"").AppendLine(CultureInfo.InvariantCulture, $"    stub-addr: 127.0.0.1@{_authorityPort}");
        }

        await File.WriteAllTextAsync(configuration, text.ToString());
        var log = _directory.Combine("unbound.log");
        _resolver = ServerProcess.Start(log, null, Tools.Program("unbound"), "-d", "-c", configuration);
        await FreePort.WaitForListenerAsync(_resolverPort, log, _resolver);
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var log = _directory.Combine($"{program}-{Random.Shared.Next():x}.log");
        await using var process = ServerProcess.Start(log, null, Tools.Program(program), arguments);
        var exitCode = await process.Exited;
        var output = await File.ReadAllTextAsync(log);
        return exitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {exitCode}: {output}");
    }
}
