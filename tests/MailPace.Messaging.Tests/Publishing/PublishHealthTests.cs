using MailPace.Messaging.Publishing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.Messaging.Tests.Publishing;

public sealed class PublishHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PublishHealth _health;

    public PublishHealthTests() => _health = new PublishHealth(Options.Create(new PublishOptions { Deadline = TimeSpan.FromSeconds(10) }), _time);

    [Fact]
    public void Fault_NothingPublished_IsNone() => Assert.Null(_health.Fault);

    [Fact]
    public void Fault_FailedAndThenStored_IsNone()
    {
        _health.Failed("mail.0.key.abc", "full");
        Assert.Equal("full", _health.Fault);

        _health.Stored("mail.0");

        Assert.Null(_health.Fault);
    }

    [Fact]
    public void Fault_OtherStreamStores_Remains()
    {
        _health.Failed("events.0", "full");

        _health.Stored("mail.0");
        _health.Stored("events.1");

        Assert.Equal("full", _health.Fault);
    }

    [Fact]
    public void Fault_NoPublishSince_EndsAfterLongerThanAPublishIsTried()
    {
        _health.Failed("mail.0", "full");

        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.NotNull(_health.Fault);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_health.Fault);
    }
}
