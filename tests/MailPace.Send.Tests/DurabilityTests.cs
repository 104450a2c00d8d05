using System.Net;
using MailPace.Send.Tests.Harness;
using MailPace.Testing;

namespace MailPace.Send.Tests;

public sealed class DurabilityTests
{
    [Fact]
    public async Task Nats_Away_Answers503WithRetryAfterAndRecoversUnaided()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await SendPlatform.StartAsync(nats, ("Publish:Deadline", "00:00:01"), ("Publish:AckTimeout", "00:00:00.5"));
        var account = await platform.CreateAccountAsync();
        var before = (await platform.SendAsync(account)).AcceptedId();

        await nats.Kill9Async();
        var away = await platform.SendAsync(account);
        Assert.NotNull(platform.Directory.FindToken(account.SecretHash));
        await nats.StartAgainAsync();

        away.IsRefused(503, """{"error":"Email could not be stored, please try again"}""");
        Assert.InRange(away.RetryAfter!.Value.TotalSeconds, 1, 60);
        ApiAnswer again;
        do
        {
            again = await platform.SendAsync(account);
        }
        while (again.Status is HttpStatusCode.ServiceUnavailable);

        again.AcceptedId();
        Assert.Equal(before, (await platform.ReadAsync(before)).Facts.Id);
    }

    [Fact]
    public async Task Directory_ChangedWhileThePlatformWasCutOff_CatchesUp()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var platform = await SendPlatform.StartAsync(nats);
        var account = await platform.CreateAccountAsync();

        await nats.RestartAsync();
        var late = await platform.CreateAccountAsync();
        await platform.Writer.DeleteAsync(Contracts.Directory.DirectoryKeys.Token(account.SecretHash), TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => platform.Directory.FindToken(account.SecretHash) is null, "the revocation");
        Assert.NotNull(platform.Directory.FindToken(late.SecretHash));
    }
}
