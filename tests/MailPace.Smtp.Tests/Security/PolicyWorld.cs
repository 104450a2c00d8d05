using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Resolution;
using MailPace.Smtp.Security;
using MailPace.Smtp.Tests.Sinks;
using MailPace.Testing;

namespace MailPace.Smtp.Tests.Security;

/// <summary>
/// Domains with TLS policies of every kind in real zones, signed and not, with receiving hosts that meet them or don't (they share a port on
/// several loopback addresses, and choose a certificate by name) and an HTTPS server with the policies.
/// </summary>
public sealed class PolicyWorld : IAsyncLifetime
{
    private const string Tls = "127.0.0.1";
    private const string Clear = "127.0.0.2";
    private const string Garbage = "127.0.0.3";
    private const string Refusing = "127.0.0.4";

    private readonly TestDirectory _directory = TestDirectory.Create();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();
    private readonly Dictionary<string, SslStreamCertificateContext> _certificates = [];
    private readonly List<ScriptedSink> _sinks = [];
    private readonly List<string> _signed = [];
    private readonly List<string> _plain = [];
    private readonly X509Certificate2 _selfSigned = TestAuthority.SelfSigned("nobody.test");
    private DnsServer _dns = null!;
    private int _port;

    internal PolicyHost Policies { get; } = new();

    internal int Port => _port;

    public async ValueTask InitializeAsync()
    {
        _sinks.Add(new ScriptedSink(Tls) { CertificateFor = name => _certificates.GetValueOrDefault(name) ?? TestAuthority.Context(_selfSigned) });
        _port = _sinks[0].Port;
        _sinks.Add(new ScriptedSink(Clear, _port));
        _sinks.Add(new ScriptedSink(Garbage, _port) { TlsGarbage = "this is no TLS\r\n"u8.ToArray() });
        _sinks.Add(new ScriptedSink(Refusing, _port) { CertificateFor = _ => TestAuthority.Context(_selfSigned), Script = command => command == "STARTTLS" ? "454 4.7.0 not now\r\n" : null });
        await File.WriteAllTextAsync(_directory.Combine("authorities.pem"), _authority.Root.ExportCertificatePem());

        DeclareDane();
        DeclareSts();
        _dns = await DnsServer.StartAsync(
            new DnsZone("signed.test", string.Join('\n', _signed)) { IsSigned = true },
            new DnsZone("_tcp.tlsa-fails.signed.test", "x A 127.0.0.1") { IsBogus = true },
            new DnsZone("plain.test", string.Join('\n', _plain)));
    }

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        foreach (var sink in _sinks)
        {
            await sink.DisposeAsync();
        }

        await Policies.DisposeAsync();
        _directory.Dispose();
    }

    internal SmtpDeliverer Deliverer(Action<TlsOptions>? change = null, IStsPolicyStore? store = null, TimeProvider? time = null, bool validates = true)
    {
        var options = new TlsOptions { AuthoritiesPath = _directory.Combine("authorities.pem"), StsPort = Policies.Port, StsTimeout = TimeSpan.FromSeconds(1) };
        change?.Invoke(options);
        return Deliveries.Deliverer(
            smtp => smtp.MxPort = _port,
            new ResolverOptions { Resolvers = [validates ? _dns.EndPoint : _dns.AuthorityEndPoint], AllowedNetworks = ["127.0.0.0/8"], Timeout = TimeSpan.FromSeconds(10) },
            options,
            store,
            time);
    }

    internal void Publish(string domain, string policy) => Policies.Hosts[$"mta-sts.{domain}"] = (_authority.Issue(false, $"mta-sts.{domain}"), _authority.Intermediate, PolicyHost.Ok(policy));

    internal void Unpublish(string domain) => Policies.Hosts.TryRemove($"mta-sts.{domain}", out _);

    internal static string Policy(string mode, string mx, int maxAge = 86_400) => $"version: STSv1\r\nmode: {mode}\r\nmx: {mx}\r\nmax_age: {maxAge.ToString(CultureInfo.InvariantCulture)}\r\n";

    private static string Hash(X509Certificate2 certificate) => Convert.ToHexString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static string Hash512(X509Certificate2 certificate) => Convert.ToHexString(SHA512.HashData(certificate.RawData));

    private X509Certificate2 Certificate(string host, X509Certificate2 certificate, TestAuthority? authority = null)
    {
        _certificates[host] = TestAuthority.Context(certificate, authority is null ? [] : [authority.Intermediate]);
        return certificate;
    }

    /// <summary>A domain of the signed zone that is its own exchanger, with TLSA records.</summary>
    private void Signed(string name, string address, params string[] tlsa)
    {
        _signed.Add($"{name} MX 10 {name}\n{name} A {address}");
        _signed.AddRange(tlsa.Select(record => $"_{_port}._tcp.{name} TLSA {record}"));
    }

    private void DeclareDane()
    {
        var impostor = new TestAuthority();
        Signed("ee", Tls, $"3 1 1 {Hash(_selfSigned)}");
        Signed("ee-whole", Tls, $"3 0 0 {Convert.ToHexString(_selfSigned.RawData)}");
        Signed("ee-sha512", Tls, $"3 0 2 {Hash512(_selfSigned)}");
        Signed("ee-rollover", Tls, $"3 1 1 {new string('0', 64)}", $"3 1 1 {Hash(_selfSigned)}");
        Signed("ee-wrong", Tls, $"3 1 1 {new string('0', 64)}");
        Signed("ee-weak-alone-matches", Tls, $"3 1 1 {Hash(_selfSigned)}", $"3 1 2 {new string('0', 128)}");

        Signed("ta", Tls, $"2 1 1 {Hash(_authority.Intermediate)}");
        Certificate("ta.signed.test", _authority.Issue(false, "ta.signed.test"), _authority);
        Signed("ta-whole", Tls, $"2 0 0 {Convert.ToHexString(_authority.Root.RawData)}");
        Certificate("ta-whole.signed.test", _authority.Issue(false, "ta-whole.signed.test"), _authority);
        Signed("ta-other-name", Tls, $"2 1 1 {Hash(_authority.Intermediate)}");
        Certificate("ta-other-name.signed.test", _authority.Issue(false, "elsewhere.test"), _authority);
        Signed("ta-expired", Tls, $"2 1 1 {Hash(_authority.Intermediate)}");
        Certificate("ta-expired.signed.test", _authority.Issue(true, "ta-expired.signed.test"), _authority);
        Signed("ta-forged", Tls, $"2 1 1 {Hash(_authority.Intermediate)}");
        Certificate("ta-forged.signed.test", impostor.Issue(false, "ta-forged.signed.test"), _authority);
        _signed.Add($"ta-domain MX 10 ta-host\nta-host A {Tls}\n_{_port}._tcp.ta-host TLSA 2 1 1 {Hash(_authority.Intermediate)}");
        Certificate("ta-host.signed.test", _authority.Issue(false, "ta-domain.signed.test"), _authority);

        Signed("unusable", Tls, $"1 1 1 {new string('0', 64)}", $"3 7 1 {new string('0', 64)}");
        Signed("unusable-clear", Clear, $"1 1 1 {new string('0', 64)}");
        Signed("dane-clear", Clear, $"3 1 1 {Hash(_selfSigned)}");
        Signed("dane-refusing", Refusing, $"3 1 1 {Hash(_selfSigned)}");
        Signed("dane-garbage", Garbage, $"3 1 1 {Hash(_selfSigned)}");
        Signed("tlsa-fails", Tls);
        _signed.Add("_tcp.tlsa-fails NS ns");
        Signed("no-tlsa", Tls);
        _signed.Add("second-is-good MX 10 ee-wrong\nsecond-is-good MX 20 ee");
        _signed.Add($"by-alias MX 10 alias\nalias CNAME real\nreal A {Tls}\n_{_port}._tcp.real TLSA 3 1 1 {Hash(_selfSigned)}");
        _signed.Add($"insecure-host MX 10 wrong-tlsa.plain.test.");
        _plain.Add($"wrong-tlsa MX 10 wrong-tlsa\nwrong-tlsa A {Tls}\n_{_port}._tcp.wrong-tlsa TLSA 3 1 1 {new string('0', 64)}");
        _plain.Add("secure-host MX 10 ee-wrong.signed.test.");
    }

    /// <summary>A domain of the plain zone with an MTA-STS record; its host has a good certificate unless another one is given.</summary>
    private void Sts(string name, string address, string? policy, X509Certificate2? certificate = null, string host = "")
    {
        host = host.Length > 0 ? host : name;
        _plain.Add($"{name} MX 10 {host}\n{host} A {address}\n_mta-sts.{name} TXT \"v=STSv1; id=1;\"\nmta-sts.{name} A 127.0.0.1");
        Certificate($"{host}.plain.test", certificate ?? _authority.Issue(false, $"{host}.plain.test"), _authority);
        if (policy is not null)
        {
            Publish($"{name}.plain.test", policy);
        }
    }

    private void Answer(string name, string? response, X509Certificate2? certificate = null)
    {
        Sts(name, Tls, null, _selfSigned);
        Policies.Hosts[$"mta-sts.{name}.plain.test"] = (certificate ?? _authority.Issue(false, $"mta-sts.{name}.plain.test"), _authority.Intermediate, response);
    }

    private void DeclareSts()
    {
        foreach (var mode in (string[])["enforce", "testing"])
        {
            Sts($"{mode}-good", Tls, Policy(mode, $"{mode}-good.plain.test"));
            Sts($"{mode}-wildcard", Tls, Policy(mode, "*.plain.test"));
            Sts($"{mode}-other-host", Tls, Policy(mode, "elsewhere.plain.test"));
            Sts($"{mode}-deep", Tls, Policy(mode, "*.plain.test"), host: $"deep.{mode}-deep");
            Sts($"{mode}-untrusted", Tls, Policy(mode, "*.plain.test"), _other.Issue(false, $"{mode}-untrusted.plain.test"));
            Sts($"{mode}-expired", Tls, Policy(mode, "*.plain.test"), _authority.Issue(true, $"{mode}-expired.plain.test"));
            Sts($"{mode}-other-name", Tls, Policy(mode, "*.plain.test"), _authority.Issue(false, "elsewhere.test"));
            Sts($"{mode}-clear", Clear, Policy(mode, "*.plain.test"));
            Sts($"{mode}-refusing", Refusing, Policy(mode, "*.plain.test"));
            Sts($"{mode}-garbage", Garbage, Policy(mode, "*.plain.test"));
        }

        Sts("none", Clear, "version: STSv1\nmode: none\nmax_age: 60\n");
        Sts("second-allowed", Tls, Policy("enforce", "enforce-good.plain.test"));
        _plain.Add("second-allowed MX 20 enforce-good");
        Sts("two-records", Clear, Policy("enforce", "*.plain.test"));
        _plain.Add("_mta-sts.two-records TXT \"v=STSv1; id=2;\"");
        Sts("changing", Clear, null);
        _plain.Add($"unpublished MX 10 unpublished\nunpublished A {Clear}\nmta-sts.unpublished A 127.0.0.1");

        var good = Policy("enforce", "*.plain.test");
        Answer("redirect", "HTTP/1.1 301 Moved\r\nLocation: https://mta-sts.enforce-good.plain.test/.well-known/mta-sts.txt\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Answer("not-found", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Answer("huge", PolicyHost.Ok(good + new string('x', 70_000)));
        Answer("endless", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + new string('\n', 200_000));
        Answer("silent", null);
        Answer("html", PolicyHost.Ok(good, "text/html"));
        Answer("no-policy", PolicyHost.Ok("version: STSv1\nmode: enforce\n"));
        Answer("bad-https", PolicyHost.Ok(good), _selfSigned);
        Answer("https-other-name", PolicyHost.Ok(good), _authority.Issue(false, "elsewhere.test"));
        _plain.Add($"private-https MX 10 private-https\nprivate-https A {Tls}\n_mta-sts.private-https TXT \"v=STSv1; id=1;\"\nmta-sts.private-https A 10.0.0.1");

        // Both kinds of policy for a host in the signed zone: DANE decides.
        foreach (var (name, tlsa) in ((string, string)[])[("both-dane-good", Hash(_selfSigned)), ("both-dane-bad", new string('0', 64))])
        {
            Signed(name, Tls, $"3 1 1 {tlsa}");
            _signed.Add($"_mta-sts.{name} TXT \"v=STSv1; id=1;\"\nmta-sts.{name} A 127.0.0.1");
            Publish($"{name}.signed.test", Policy("enforce", $"{name}.signed.test"));
        }

        Certificate("both-dane-bad.signed.test", _authority.Issue(false, "both-dane-bad.signed.test"), _authority);
    }
}
