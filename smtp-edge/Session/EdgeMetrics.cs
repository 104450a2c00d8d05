using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using MailPace.SmtpEdge.Listening.Proxy;

namespace MailPace.SmtpEdge.Session;

/// <summary>The meter <c>MailPace.SmtpEdge</c>; docs/telemetry.md says what to alert on.</summary>
internal sealed class EdgeMetrics : IDisposable
{
    public const string MeterName = "MailPace.SmtpEdge";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _sessions;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _turnedAway;
    private readonly Counter<long> _proxyFaults;
    private readonly Counter<long> _handshakes;
    private readonly Counter<long> _replies;
    private readonly Counter<long> _authentications;
    private readonly Counter<long> _received;
    private readonly Histogram<double> _acceptance;

    public EdgeMetrics()
    {
        _sessions = _meter.CreateCounter<long>("mailpace.smtp_edge.sessions", "{session}", "Sessions that ended, by role, TLS version and how they ended");
        _active = _meter.CreateUpDownCounter<long>("mailpace.smtp_edge.sessions.active", "{session}", "Sessions open now, by role");
        _turnedAway = _meter.CreateCounter<long>("mailpace.smtp_edge.connections.refused", "{connection}", "Connections over a limit, by role and limit");
        _handshakes = _meter.CreateCounter<long>("mailpace.smtp_edge.tls.handshakes", "{handshake}", "TLS handshakes, by role and TLS version, or failed");
        _proxyFaults = _meter.CreateCounter<long>("mailpace.smtp_edge.proxy.faults", "{connection}", "Connections that ended for want of a PROXY header, by role and fault");
        _replies = _meter.CreateCounter<long>("mailpace.smtp_edge.replies", "{reply}", "Replies, by role, class and code");
        _authentications = _meter.CreateCounter<long>("mailpace.smtp_edge.authentications", "{attempt}", "AUTH commands, by outcome");
        _received = _meter.CreateCounter<long>("mailpace.smtp_edge.received", "By", "Octets of messages read, by role");
        _acceptance = _meter.CreateHistogram<double>("mailpace.smtp_edge.acceptance.duration", "s", "From the last octet of a message to its reply, by role and reply class");
    }

    /// <summary>For tests: whose measurements are these.</summary>
    public Meter Meter => _meter;

    /// <summary>Tells how long each certificate is valid still, by the name that it was issued for.</summary>
    public void Observe(TlsCertificates certificates, TimeProvider time) => _meter.CreateObservableGauge(
        "mailpace.smtp_edge.certificate.lifetime",
        () => certificates.All.Select(certificate => new Measurement<double>(
            (certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime).TotalSeconds,
            new KeyValuePair<string, object?>("name", certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)))),
        "s",
        "For how long each certificate is valid still, by the name that it was issued for");

    public void SessionStarted(SmtpRole role) => _active.Add(1, Role(role));

    public void SessionEnded(SmtpRole role, TlsFacts? tls, string end)
    {
        _active.Add(-1, Role(role));
        _sessions.Add(1, Role(role), new("tls", tls?.Version ?? "none"), new("end", end));
    }

    /// <param name="role">What the listener is for.</param>
    /// <param name="limit">Whose limit it was: <c>all</c> or <c>address</c>.</param>
    public void TurnedAway(SmtpRole role, string limit) => _turnedAway.Add(1, Role(role), new("limit", limit));

    /// <param name="role">What the listener is for.</param>
    /// <param name="version">The TLS version; absent when it failed.</param>
    public void ShookHands(SmtpRole role, string? version) => _handshakes.Add(1, Role(role), new("version", version ?? "failed"));

    public void ProxyRefused(SmtpRole role, ProxyFault fault) => _proxyFaults.Add(1, Role(role), new("fault", fault switch
    {
        ProxyFault.Malformed => "malformed",
        ProxyFault.TooLong => "too_long",
        ProxyFault.CutOff => "cut_off",
        ProxyFault.Slow => "slow",
    }));

    public void Replied(SmtpRole role, int code) => _replies.Add(1, Role(role), new("class", code / 100), new("code", code));

    /// <param name="outcome"><c>accepted</c>, <c>unknown</c> (nobody's credentials), <c>refused</c> (good ones that may not send), <c>deferred</c> or <c>locked_out</c>.</param>
    public void Authenticated(string outcome) => _authentications.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Received(SmtpRole role, long octets) => _received.Add(octets, Role(role));

    public void Accepted(SmtpRole role, int code, TimeSpan duration) =>
        _acceptance.Record(duration.TotalSeconds, Role(role), new("class", code / 100));

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Role(SmtpRole role) => new("role", role switch
    {
        SmtpRole.Submission => "submission",
        SmtpRole.Submissions => "submissions",
        SmtpRole.SubmissionInClear => "submission_in_clear",
        SmtpRole.Inbound => "inbound",
    });
}
