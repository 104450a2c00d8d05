using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPace.Bench.Discarding;

/// <summary>This program as a server: SMTP on one port; on another each connection gets the count of messages.</summary>
internal static class DiscardingServer
{
    public const string Verb = "discarding-server";

    public static async Task RunAsync(string smtpPort, string counterPort)
    {
        var intake = new DiscardingIntake();
        var options = new SmtpEdgeOptions
        {
            HostName = "discard.bench.example",
            Listeners = { new SmtpListenerOptions { Address = "127.0.0.1", Port = int.Parse(smtpPort, CultureInfo.InvariantCulture), Role = SmtpRole.SubmissionInClear } },
        };
        await using var server = new SmtpServer(options, new SmtpIntakes { Submission = intake }, certificates: null, TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        using var counter = new TcpListener(IPAddress.Loopback, int.Parse(counterPort, CultureInfo.InvariantCulture));
        counter.Start();
        while (true)
        {
            using var client = await counter.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(intake.Count.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
