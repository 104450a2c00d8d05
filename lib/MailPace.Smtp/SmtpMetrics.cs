using System.Diagnostics.Metrics;

namespace MailPace.Smtp;

/// <summary>Meter <c>MailPace.Smtp</c>.</summary>
public static class SmtpMetrics
{
    public const string MeterName = "MailPace.Smtp";

    private static readonly Meter Meter = new(MeterName);
    private static readonly UpDownCounter<int> Connections = Meter.CreateUpDownCounter<int>("mailpace.smtp.connections", "{connection}", "Open connections to remote hosts.");
    private static readonly Counter<long> ConnectionsOpened = Meter.CreateCounter<long>("mailpace.smtp.connections.opened", "{connection}", "Connections that were opened.");
    private static readonly Counter<long> TlsFailures = Meter.CreateCounter<long>("mailpace.smtp.tls.failures", "{connection}", "TLS handshakes that failed; the conversation went on in clear.");
    private static readonly Counter<long> Stale = Meter.CreateCounter<long>("mailpace.smtp.connections.stale", "{connection}", "Kept connections that turned out to be dead.");

    private static readonly Counter<long> PolicyFailures = Meter.CreateCounter<long>("mailpace.smtp.tls.policy.failures", "{host}", "Hosts that weren't sent to because a TLS policy (DANE, MTA-STS, configured) wasn't met.");

    internal static void Opened()
    {
        Connections.Add(1);
        ConnectionsOpened.Add(1);
    }

    internal static void Closed() => Connections.Add(-1);

    internal static void TlsFailed() => TlsFailures.Add(1);

    internal static void PolicyFailed() => PolicyFailures.Add(1);

    internal static void WasStale() => Stale.Add(1);
}
