using MailPace.Hosting;
using MailPace.SmtpEdge.Intake;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPace.SmtpEdge.Tests.Listening;

public sealed class StartTests
{
    [Theory]
    [InlineData(SmtpRole.Submission)]
    [InlineData(SmtpRole.Submissions)]
    public async Task Start_SubmissionWithoutCertificate_SaysWhatToSet(SmtpRole role)
    {
        await using var server = Server(new SmtpListenerOptions { Address = "127.0.0.1", Role = role });

        var failure = await Assert.ThrowsAsync<StartException>(() => server.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("SmtpEdge:CertificatePath", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhich()
    {
        await using var first = Server(new SmtpListenerOptions { Address = "127.0.0.1", Role = SmtpRole.Inbound });
        await first.StartAsync(TestContext.Current.CancellationToken);
        var port = first.EndPoints[0].Address.Port;
        await using var second = Server(new SmtpListenerOptions { Address = "127.0.0.1", Port = port, Role = SmtpRole.Inbound });

        var failure = await Assert.ThrowsAsync<StartException>(() => second.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
    }

    private static SmtpServer Server(SmtpListenerOptions listener)
    {
        var intake = new RecordingIntake();
        return new SmtpServer(new SmtpEdgeOptions { Listeners = { listener } }, new SmtpIntakes { Submission = intake, Inbound = intake }, null, TimeProvider.System, NullLoggerFactory.Instance);
    }
}
