using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Tests.Sinks;

namespace MailPace.Smtp.Tests.Delivery;

/// <summary>Against Postfix's smtp-sink. Run it by name: what it measures is the machine as well.</summary>
public sealed class ThroughputTests
{
    private const string Sink = "/usr/sbin/smtp-sink";

    [Fact(Explicit = true)]
    public async Task SixteenConnections_ToSmtpSink_SustainThreeThousandMessagesPerSecond()
    {
        Assert.SkipUnless(File.Exists(Sink), $"{Sink} not present");
        var port = FreePort();
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        using var sink = Process.Start(Sink, [.. user, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "1000"])!;
        try
        {
            using var deliverer = Deliveries.Deliverer(options => options.MaxConnectionsPerDestination = 16);
            var body = Encoding.ASCII.GetBytes("Subject: load\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 70) + "\r\n", 70)));
            var request = Deliveries.Request(new Route.Fixed("127.0.0.1", port)).WithBody(body);
            while ((await deliverer.DeliverAsync(request, TestContext.Current.CancellationToken)).Outcomes[0].State != RecipientState.Delivered)
            {
                Assert.False(sink.HasExited);
            }

            const int Messages = 30_000;
            var cpu = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (_, token) =>
            {
                var result = await deliverer.DeliverAsync(request, token);
                Assert.Equal(RecipientState.Delivered, result.Outcomes[0].State);
            });
            var rate = Messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
            TestContext.Current.SendDiagnosticMessage("{0:0} messages/s, {1:0.000} CPU s per 1,000", rate, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / Messages * 1000);
            Assert.True(rate > 3000, $"{rate:0} messages/s");
        }
        finally
        {
            sink.Kill();
            await sink.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
