using System.Net;
using System.Net.Http.Json;
using MailPace.Contracts;
using MailPace.Messaging.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace MailPace.Deliver.Tests;

public sealed class DeliveryTests(RunningFunction function) : IClassFixture<RunningFunction>, IAsyncLifetime
{
    private DeliverPlatform _platform = null!;

    public async ValueTask InitializeAsync() => _platform = await function.PlatformAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Job_Delivered_LeavesAnEventAndNothingElse()
    {
        var id = await _platform.PublishAsync(_platform.Job("a@example.net", "b@example.net"));

        var attempted = await _platform.EventAsync(id, EmailEventKind.Attempted, 1);
        await _platform.NothingLeftAsync(id);

        Assert.All(attempted.Outcomes, outcome => Assert.Equal((RecipientState.Delivered, 250, "taken"), (outcome.State, outcome.Reply.Code, outcome.Reply.Text)));
        Assert.Equal([0, 1], attempted.Outcomes.Select(outcome => outcome.Ordinal));
        Assert.Equal("127.0.0.1", attempted.RemoteHost);
        Assert.Null(attempted.NextAttemptAt);
        Assert.Equal(1, _platform.CopiesOf(id));
    }

    [Fact]
    public async Task Job_DeferredInPart_RetriesOnlyWhoIsLeft()
    {
        _platform.Script("later@example.net", "450 4.2.0 greylisted\r\n");
        _platform.Script("gone@example.net", "550 5.1.1 no such user\r\n");
        var id = await _platform.PublishAsync(_platform.Job("ok@example.net", "later@example.net", "gone@example.net"));

        var first = await _platform.EventAsync(id, EmailEventKind.Attempted, 1);
        var second = await _platform.EventAsync(id, EmailEventKind.Attempted, 2);
        await _platform.NothingLeftAsync(id);

        Assert.Equal([RecipientState.Delivered, RecipientState.Deferred, RecipientState.Bounced], first.Outcomes.Select(outcome => outcome.State));
        Assert.Null(first.Outcomes[0].Fault);
        Assert.Equal(new DeliveryFault(FaultOwner.Policy, FaultReason.Greylisted, FaultPermanence.Transient), first.Outcomes[1].Fault);
        Assert.Equal(new DeliveryFault(FaultOwner.Recipient, FaultReason.UnknownRecipient, FaultPermanence.Address), first.Outcomes[2].Fault);
        Assert.NotNull(first.NextAttemptAt);
        var retried = Assert.Single(second.Outcomes);
        Assert.Equal((1, "later@example.net", RecipientState.Delivered), (retried.Ordinal, retried.Address, retried.State));
        Assert.Equal(2, _platform.CopiesOf(id));
    }

    [Fact]
    public async Task Job_DeferredAfterItsTime_Expires()
    {
        _platform.Script("never@example.net", "450 4.2.0 later\r\n");
        var payload = _platform.Job("never@example.net");
        var id = await _platform.PublishAsync(payload with { Job = payload.Job with { ExpiresAt = TimeProvider.System.GetUtcNow() } });

        var attempted = await _platform.EventAsync(id, EmailEventKind.Attempted, 1);
        await _platform.NothingLeftAsync(id);

        Assert.Equal((RecipientState.Expired, "4.2.0", "later"), (attempted.Outcomes[0].State, attempted.Outcomes[0].Reply.Enhanced, attempted.Outcomes[0].Reply.Text));
        Assert.Null(attempted.NextAttemptAt);
    }

    [Fact]
    public async Task LargeBody_ComesFromTheBlobStore()
    {
        var payload = _platform.Job("large@example.net");
        var body = string.Concat(Enumerable.Repeat(".0123456789abcdef\r\n", 60_000));
        var key = BlobStore.KeyOf(payload.Job.AcceptedAt, payload.Job.EmailId);
        await _platform.App.Services.GetRequiredService<BlobStore>().PutAsync(key, System.Text.Encoding.ASCII.GetBytes(body));

        var id = await _platform.PublishAsync(payload with { Job = payload.Job with { BlobKey = key, Size = payload.Job.Size + body.Length } });

        Assert.Equal(RecipientState.Delivered, (await _platform.EventAsync(id, EmailEventKind.Attempted, 1)).Outcomes[0].State);
        var received = _platform.Sink.Messages.Select(System.Text.Encoding.ASCII.GetString).Single(message => message.Length > 1_000_000);
        Assert.EndsWith("body\r\n" + body, received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargeBody_MissingInTheBlobStore_IsDeferredWithoutTroublingTheRemote()
    {
        var payload = _platform.Job("missing@example.net");
        var key = BlobStore.KeyOf(payload.Job.AcceptedAt, payload.Job.EmailId);

        var id = await _platform.PublishAsync(payload with { Job = payload.Job with { BlobKey = key, ExpiresAt = TimeProvider.System.GetUtcNow() } });

        var attempted = await _platform.EventAsync(id, EmailEventKind.Attempted, 1);
        await _platform.NothingLeftAsync(id);
        Assert.Equal((RecipientState.Expired, "4.3.0"), (attempted.Outcomes[0].State, attempted.Outcomes[0].Reply.Enhanced));
        Assert.Null(attempted.RemoteHost);
        Assert.Equal(0, _platform.CopiesOf(id));
    }

    [Fact]
    public async Task Invocation_OverHttp_DeliversOneJob()
    {
        using var client = new HttpClient { BaseAddress = new Uri(_platform.App.Urls.First()) };
        var payload = _platform.Job("http@example.net");

        using var done = await client.PostAsJsonAsync("/", new { job = payload.Job, content = payload.Content[0].ToArray() }, System.Text.Json.JsonSerializerOptions.Web, TestContext.Current.CancellationToken);
        using var never = await client.PostAsync("/", new StringContent("{}"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity), (done.StatusCode, never.StatusCode));
        Assert.Equal(1, _platform.CopiesOf(payload.Job.EmailId));
        await _platform.EventAsync(payload.Job.EmailId, EmailEventKind.Attempted, 1);
    }
}
