using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MailPace.Contracts;
using MailPace.Mail.Webhooks;
using MailPace.Messaging.Webhooks;
using MailPace.Storage.Webhooks;
using MailPace.Testing;

namespace MailPace.Webhook.Tests;

public sealed class PostingTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_ArePosted_InOrderAndAsDocumented()
    {
        await using var process = await WebhookProcess.StartAsync(postgres);
        await using var receiver = await HookReceiver.StartAsync();
        var (_, secret) = await process.AddEndpointAsync(receiver.Url);

        var email = await process.AcceptAsync();
        await process.PublishAsync(email, RecipientState.Deferred, 1);
        await process.PublishAsync(email, RecipientState.Delivered, 2);

        var hooks = await receiver.UntilAsync(3);
        Assert.Equal(["email.queued", "email.deferred", "email.delivered"], hooks.Select(static hook => hook.Name));
        var delivered = hooks[2];
        Assert.Equal(["event", "payload"], delivered.Json.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(
            [
                "status", "id", "domain_id", "created_at", "updated_at", "from", "to", "htmlbody", "textbody", "cc", "bcc", "subject", "replyto",
                "message_id", "list_unsubscribe", "tags", "event_id", "recipient", "reply", "attempt",
            ],
            delivered.Payload.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(
            ("delivered", email.Id, process.Domain.Id, "sender@acme.example", "to@example.net", "Grüße", "answers@acme.example"),
            (Text("status"), delivered.EmailId, delivered.Payload.GetProperty("domain_id").GetInt64(), Text("from"), Text("to"), Text("subject"), Text("replyto")));
        Assert.Equal(("hello\n", email.MessageId, "welcome"), (Text("textbody"), Text("message_id"), delivered.Payload.GetProperty("tags")[0].GetString()));
        Assert.All(["htmlbody", "cc", "bcc", "list_unsubscribe"], (string name) => Assert.Equal(JsonValueKind.Null, delivered.Payload.GetProperty(name).ValueKind));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Text("created_at")!);
        Assert.Equal(("to@example.net", 2, 250), (Text("recipient"), delivered.Payload.GetProperty("attempt").GetInt32(), delivered.Payload.GetProperty("reply").GetProperty("code").GetInt32()));
        Assert.Equal(JsonValueKind.Null, hooks[0].Payload.GetProperty("recipient").ValueKind);
        Assert.All(hooks, hook => IsSigned(hook, process.PublicKey, secret));

        string? Text(string name) => delivered.Payload.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Endpoint_GetsWhatItWants_AndNothingFromBefore()
    {
        await using var process = await WebhookProcess.StartAsync(postgres);
        await using var receiver = await HookReceiver.StartAsync();
        var early = await process.AcceptAsync();
        await process.AddEndpointAsync(receiver.Url, "email.bounced", "email.queued");

        var email = await process.AcceptAsync();
        await process.PublishAsync(early, RecipientState.Delivered);
        await process.PublishAsync(early, RecipientState.Bounced, 2);
        await process.PublishAsync(email, RecipientState.Bounced);

        var hooks = await receiver.UntilAsync(3);
        Assert.Equal([$"email.bounced {early.Id}", $"email.bounced {email.Id}", $"email.queued {email.Id}"], hooks.Select(static hook => $"{hook.Name} {hook.EmailId}").Order());
    }

    [Fact]
    public async Task NotTaken_IsTriedAgain_UnderTheSameId_BeforeWhatFollows()
    {
        await using var process = await WebhookProcess.StartAsync(postgres);
        await using var receiver = await HookReceiver.StartAsync();
        receiver.AnswerStatus(503);
        var (endpoint, _) = await process.AddEndpointAsync(receiver.Url);
        var email = await process.AcceptAsync();
        await receiver.UntilAsync(2);
        await process.PublishAsync(email, RecipientState.Delivered);
        await Eventually.TrueAsync(async () => await process.Get<WebhookStreams>().HoldsRetryAsync(endpoint.Id, Token), "a retry is scheduled");
        receiver.AnswerStatus(200);

        await Eventually.TrueAsync(() => receiver.Hooks.Any(static hook => hook.Name == "email.delivered"), "delivered was posted");
        var hooks = receiver.Hooks;
        Assert.All(hooks.SkipLast(1), hook => Assert.Equal($"evt_{email.Id}_queued", hook.EventId));
        Assert.Equal(hooks.Count - 1, hooks.Select(static hook => hook.Headers["webhook-id"]).Count(id => id == $"evt_{email.Id}_queued"));
        await Eventually.TrueAsync(
            async () => (await process.Get<WebhookAttempts>().ListAsync(endpoint.Id, null, null, 100, Token)).Count == hooks.Count, "all attempts are logged");
        var log = await process.Get<WebhookAttempts>().ListAsync(endpoint.Id, null, null, 100, Token);
        Assert.Equal((503, "answer 503", 1), (log[^1].Status!.Value, log[^1].Response, log[^1].Attempt));
        Assert.NotNull(log[^1].NextAttemptAt);
        Assert.Equal(200, log[0].Status);
    }

    [Fact]
    public async Task SlowEndpoint_DelaysNoOther()
    {
        await using var process = await WebhookProcess.StartAsync(postgres, ("Webhooks:Timeout", "00:00:30"));
        await using var slow = await HookReceiver.StartAsync();
        await using var fast = await HookReceiver.StartAsync();
        slow.Answer = static (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await process.AddEndpointAsync(slow.Url);
        await process.AddEndpointAsync(fast.Url);

        var emails = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => process.AcceptAsync()));

        await fast.UntilAsync(emails.Length);
        Assert.InRange(slow.Hooks.Count, 0, 10);
    }

    [Fact]
    public async Task FailingEndpoint_IsPaused_AndResumedWithAllThatCame()
    {
        await using var process = await WebhookProcess.StartAsync(postgres, ("Webhooks:PauseAfter", "00:00:02"), ("Webhooks:PauseFailures", "3"));
        await using var receiver = await HookReceiver.StartAsync();
        receiver.AnswerStatus(500);
        var (endpoint, _) = await process.AddEndpointAsync(receiver.Url);

        var first = await process.AcceptAsync();
        await Eventually.TrueAsync(async () => (await process.Endpoints.FindAsync(endpoint.Id, Token))!.PausedAt is not null, "the endpoint is paused");
        await Eventually.TrueAsync(() => process.Get<Delivering.EndpointSupervisor>().Open.Count == 0, "its queue rests");
        var second = await process.AcceptAsync();
        var paused = (await process.Endpoints.FindAsync(endpoint.Id, Token))!;
        Assert.StartsWith("no attempt succeeded since", paused.PausedReason, StringComparison.Ordinal);

        receiver.AnswerStatus(200);
        await process.Endpoints.ResumeAsync(paused, Token);

        await Eventually.TrueAsync(
            async () => (await process.Get<WebhookAttempts>().ListAsync(endpoint.Id, null, null, 100, Token)).Count(static attempt => attempt.IsSuccess) == 2, "both were taken");
        Assert.Contains(receiver.Hooks, hook => hook.EmailId == first.Id);
        Assert.Contains(receiver.Hooks, hook => hook.EmailId == second.Id);
    }

    [Fact]
    public async Task Replay_PostsPastEventsToOneEndpoint_WithTheirIds()
    {
        await using var process = await WebhookProcess.StartAsync(postgres);
        await using var first = await HookReceiver.StartAsync();
        await using var other = await HookReceiver.StartAsync();
        var (endpoint, _) = await process.AddEndpointAsync(first.Url);
        await process.AddEndpointAsync(other.Url);
        var from = TimeProvider.System.GetUtcNow();
        AcceptedEmail[] emails = [await process.AcceptAsync(), await process.AcceptAsync()];
        await process.PublishAsync(emails[0], RecipientState.Delivered);
        await process.PublishAsync(emails[1], RecipientState.Bounced);
        await first.UntilAsync(4);
        await other.UntilAsync(4);
        await Eventually.TrueAsync(
            async () => (await process.Get<WebhookHistory>().ListAsync(ReplayOf([], null), (DateTimeOffset.UnixEpoch, 0), 10, Token)).Sum(static email => email.Outcomes.Count) == 2, "history has both");

        await process.Get<WebhookPublisher>().RequestReplayAsync(ReplayOf(["email.bounced", "email.queued"], emails[1].Id));
        var replayed = (await first.UntilAsync(6)).Skip(4).ToList();
        await process.Get<WebhookPublisher>().RequestReplayAsync(ReplayOf([], null) with { To = from });
        await process.Get<WebhookPublisher>().RequestReplayAsync(ReplayOf([], emails[0].Id));
        var again = (await first.UntilAsync(8)).Skip(6).ToList();

        Assert.Equal(["email.queued", "email.bounced"], replayed.Select(static hook => hook.Name));
        Assert.Equal(["email.queued", "email.delivered"], again.Select(static hook => hook.Name));
        Assert.All(replayed.Concat(again), hook => Assert.Equal(
            first.Hooks.First(earlier => earlier.EventId == hook.EventId).Body, hook.Body));
        Assert.Equal((8, 4), (first.Hooks.Count, other.Hooks.Count));

        WebhookReplay ReplayOf(string[] events, long? email) => new()
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            DomainId = process.Domain.Id,
            EndpointId = endpoint.Id,
            From = from,
            To = from.AddHours(1),
            Events = events,
            EmailId = email,
        };
    }

    [Fact]
    public async Task LostQueue_IsMadeAgain_WithoutWhatWasTaken()
    {
        await using var process = await WebhookProcess.StartAsync(postgres);
        await using var receiver = await HookReceiver.StartAsync();
        var (endpoint, _) = await process.AddEndpointAsync(receiver.Url);
        var taken = await process.AcceptAsync();
        await Eventually.TrueAsync(async () => (await process.Get<WebhookAttempts>().ListAsync(endpoint.Id, null, null, 10, Token)).Count == 1, "the first is logged");
        receiver.AnswerStatus(503);
        var lost = await process.AcceptAsync();
        await Eventually.TrueAsync(async () => (await process.Get<WebhookAttempts>().ListAsync(endpoint.Id, lost.Id, null, 10, Token)).Count > 0, "the second was refused");

        await process.Get<NATS.Client.JetStream.INatsJSContext>().DeleteStreamAsync(Streams.Webhooks, Token);
        receiver.AnswerStatus(200);

        await Eventually.TrueAsync(
            async () => (await process.Get<WebhookAttempts>().ListAsync(endpoint.Id, lost.Id, null, 100, Token)).Any(static attempt => attempt.IsSuccess), "the second was taken");
        Assert.Single(receiver.Hooks, hook => hook.EmailId == taken.Id);
    }

    private static void IsSigned(ReceivedHook hook, string publicKey, WebhookSecret secret)
    {
        Assert.Equal("mailpace_webhooks/1.0", hook.Headers["User-Agent"]);
        Assert.Equal("application/json", hook.Headers["Content-Type"]);
        Assert.True(Verifies(hook.Headers["X-MailPace-Signature"], hook.Body, publicKey));
        var content = Encoding.UTF8.GetBytes($"{hook.Headers["webhook-id"]}.{hook.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(hook.Body)}");
        var signatures = hook.Headers["webhook-signature"].Split(' ');
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(secret.Bytes, content)), signatures[0]);
        Assert.True(Verifies(signatures[1]["v1a,".Length..], content, publicKey));
    }

    private static bool Verifies(string signature, ReadOnlySpan<byte> content, string publicKey)
        => NSec.Cryptography.SignatureAlgorithm.Ed25519.Verify(
            NSec.Cryptography.PublicKey.Import(NSec.Cryptography.SignatureAlgorithm.Ed25519, Convert.FromBase64String(publicKey), NSec.Cryptography.KeyBlobFormat.RawPublicKey),
            content,
            Convert.FromBase64String(signature));
}
