using static MailPace.Sign.Tests.Samples;

namespace MailPace.Sign.Tests;

public sealed class KeyRotationTests
{
    [Fact]
    public async Task KeysActivatedBetweenAcceptanceAndSigning_SignWithTheNewOnesOnly()
    {
        await using var sign = await SignProcess.PrepareAsync();
        await sign.AddDomainAsync(1, "demo.example", "old-");
        await sign.PublishAsync(Email(7, "b@one.example"), Mime);

        await sign.AddDomainAsync(1, "demo.example", "new-");
        await sign.StartWorkerAsync();

        Assert.Equal(["new-rsa", "new-ed"], Selectors(Text(Assert.Single(await sign.TakeJobsAsync(1)).Content)));
    }

    [Fact]
    public async Task KeysActivatedWhileItRuns_AreTakenWithTheNextEmail()
    {
        await using var sign = await SignProcess.StartAsync();
        await sign.AddDomainAsync(1, "demo.example", "old-");
        await sign.PublishAsync(Email(7, "b@one.example"), Mime);
        Assert.Equal(["old-rsa", "old-ed"], Selectors(Text(Assert.Single(await sign.TakeJobsAsync(1)).Content)));

        await sign.AddDomainAsync(1, "demo.example", "new-");
        await sign.PublishAsync(Email(8, "b@one.example"), Mime);

        Assert.Equal(["new-rsa", "new-ed"], Selectors(Text(Assert.Single(await sign.TakeJobsAsync(1)).Content)));
    }

    private static IEnumerable<string> Selectors(string message)
        => message.Split(';').Select(tag => tag.Trim()).Where(tag => tag.StartsWith("s=", StringComparison.Ordinal)).Select(tag => tag[2..]);
}
