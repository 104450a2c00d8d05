using System.Net.Security;
using System.Net.Sockets;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

public sealed class IdleTlsBuffersTests
{
    /// <summary>The way to OpenSSL leads through a private field of .NET: an update that moves it would double what a session takes, in silence.</summary>
    [Fact]
    public async Task Release_OfARealConnection_FindsTheWayToOpenSsl()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "OpenSSL is Linux's");
        await using var edge = await TestEdge.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Submissions, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, TestContext.Current.CancellationToken);

        Assert.True(IdleTlsBuffers.Release(tls));
    }
}
