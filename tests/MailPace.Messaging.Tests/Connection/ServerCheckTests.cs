using MailPace.Messaging.Connection;
using MailPace.Messaging.Tests.Server;
using MailPace.Testing;

namespace MailPace.Messaging.Tests.Connection;

public sealed class ServerCheckTests
{
    [Fact]
    public async Task Run_ServerSyncsAlways_FindsNoFault()
    {
        await using var host = await MessagingHost.StartAsync();
        var check = host.Get<ServerCheck>();

        await check.RunAsync(TestContext.Current.CancellationToken);

        Assert.Null(check.Fault);
    }

    [Fact]
    public async Task Run_ServerSyncsLater_IsAFault()
    {
        await using var host = await MessagingHost.StartAsync(await NatsServer.StartAsync(syncInterval: "2m"));
        var check = host.Get<ServerCheck>();

        await check.RunAsync(TestContext.Current.CancellationToken);

        Assert.Contains("sync_interval: always", check.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.12.0", false)]
    [InlineData("2.15.1", false)]
    [InlineData("2.13.0-RC.2", false)]
    [InlineData("2.9.10", true)]
    [InlineData("2.11.9", true)]
    [InlineData(null, true)]
    [InlineData("?", true)]
    public void TooOld_Version_IsToldApart(string? version, bool isTooOld) => Assert.Equal(isTooOld, ServerCheck.TooOld(version) is not null);
}
