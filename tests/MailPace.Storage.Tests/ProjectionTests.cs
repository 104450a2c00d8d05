using System.Diagnostics;
using MailPace.Contracts;
using MailPace.Storage.History;
using MailPace.Testing;

namespace MailPace.Storage.Tests;

public sealed class ProjectionTests(PostgresServerFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ApplyMailAsync_NewEmail_IsFoundWithAllItsParts()
    {
        await using var database = await ReadyAsync();
        var email = Samples.Email(7, TestDatabase.Noon, "a@x.example", "b@y.example") with { Subject = "nul \0 and lone \uD800 but 📧", ReversePath = "" };

        await database.Get<Projection>().ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(email)], Token);

        var found = (await database.Get<Emails>().FindAsync(7, Token))!;
        Assert.Equal("nul \uFFFD and lone \uFFFD but 📧", found.Subject);
        Assert.Equal("", found.ReversePath);
        Assert.Equal(["a", "b"], found.Tags);
        Assert.Equal(TestDatabase.Noon, found.AcceptedAt);
        Assert.Equal(["a@x.example", "b@y.example"], found.Recipients.Select(r => r.Address));
        Assert.All(found.Recipients, r => Assert.Equal(RecipientState.Queued, r.State));
        Assert.Equal("hello"u8.ToArray(), await database.Get<Emails>().FindContentAsync(7, email.AcceptedAt, Token));
    }

    [Fact]
    public async Task ApplyMailAsync_AppliedAgain_WritesNothing()
    {
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var range = new ProjectedRange("MAIL-0", 0, 1);
        var batch = new[] { Samples.Projected(Samples.Email(1, TestDatabase.Noon)) };
        await projection.ApplyMailAsync(range, batch, Token);

        await Assert.ThrowsAsync<CursorMovedException>(() => projection.ApplyMailAsync(range, batch, Token));

        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from emails"));
        Assert.Equal(1, await database.Get<ProjectionCursors>().ReadSequenceAsync("MAIL-0", Token));
    }

    [Fact]
    public async Task ApplyMailAsync_DayWithoutPartition_MakesIt()
    {
        await using var database = await ReadyAsync();
        var email = Samples.Email(1, TestDatabase.Noon - TimeSpan.FromDays(40));

        await database.Get<Projection>().ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(email)], Token);

        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from emails_20260129"));
    }

    [Fact]
    public async Task ApplyEventsAsync_EventThatStandsTwiceInEvents_IsWrittenOnce()
    {
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var email = Samples.Email(1, TestDatabase.Noon, "a@x.example", "b@x.example");
        await projection.ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(email)], Token);
        var at = TestDatabase.Noon.AddTicks(123_456_789); // finer than the database is
        var deferred = Samples.Attempted(email, 1, at, RecipientState.Deferred, 0, 1);
        var redriven = Samples.Of(EmailEventKind.Redriven, email, 1, at);
        var later = redriven with { At = at.AddSeconds(1) };

        await projection.ApplyEventsAsync(new ProjectedRange("EVENTS-0", 0, 1), [deferred, redriven], Token);
        await projection.ApplyEventsAsync(new ProjectedRange("EVENTS-0", 1, 2), [redriven, later, deferred, later], Token);

        Assert.Equal(4L, await database.ScalarAsync<long>("select count(*) from delivery_attempts"));
        Assert.Equal(2, await database.ScalarAsync<int>("select max(redrives) from recipients"));
    }

    [Fact]
    public async Task ApplyEventsAsync_TlsSessions_AreCountedOnce()
    {
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var email = Samples.Email(1, TestDatabase.Noon);
        await projection.ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(email)], Token);
        var good = new TlsSession { Domain = "x.example", Policy = TlsPolicyKind.Sts, PolicyDomain = "x.example", PolicyStrings = ["mode: enforce"], RemoteHost = "mx.x.example" };
        var bad = good with { Fault = TlsFault.CertificateExpired, Detail = "nul \0 in it" };
        var first = Samples.Attempted(email, 1, TestDatabase.Noon, RecipientState.Deferred, 0) with { TlsPolicy = "mta-sts enforce", TlsSessions = [bad, good, good with { RemoteHost = "mx2.x.example" }] };
        var second = Samples.Attempted(email, 2, TestDatabase.Noon.AddMinutes(5), RecipientState.Delivered, 0) with { TlsSessions = [good] };

        await projection.ApplyEventsAsync(new ProjectedRange("EVENTS-0", 0, 1), [first], Token);
        await projection.ApplyEventsAsync(new ProjectedRange("EVENTS-0", 1, 2), [first, second], Token);

        Assert.Equal("1,3", await database.ScalarAsync<string>("select string_agg(sessions::text, ',' order by sessions) from tls_sessions where domain = 'x.example'"));
        Assert.Equal("mta-sts enforce", (await database.Get<Emails>().FindAsync(1, Token))!.Timeline[0].TlsPolicy);
    }

    public static TheoryData<string, (int Attempt, int Minute, RecipientState State)[], RecipientState, int> Histories => new()
    {
        { "delivered", [(1, 1, RecipientState.Delivered)], RecipientState.Delivered, 1 },
        { "deferred, then delivered", [(1, 1, RecipientState.Deferred), (2, 5, RecipientState.Delivered)], RecipientState.Delivered, 2 },
        { "out of order", [(2, 5, RecipientState.Delivered), (1, 1, RecipientState.Deferred)], RecipientState.Delivered, 2 },
        { "final of an earlier attempt beats a deferral", [(2, 5, RecipientState.Deferred), (1, 6, RecipientState.Delivered)], RecipientState.Delivered, 1 },
        { "stale deferral", [(2, 5, RecipientState.Deferred), (1, 1, RecipientState.Deferred)], RecipientState.Deferred, 2 },
        { "later deferral never reopens", [(1, 1, RecipientState.Delivered), (2, 5, RecipientState.Deferred)], RecipientState.Delivered, 1 },
        { "delivered, then bounced", [(1, 1, RecipientState.Delivered), (1, 9, RecipientState.Bounced)], RecipientState.Bounced, 1 },
        { "the same twice", [(1, 1, RecipientState.Deferred), (1, 1, RecipientState.Deferred)], RecipientState.Deferred, 1 },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public async Task ApplyEventsAsync_AnyHistory_EndsTheSame_BatchedOrNot(string name, (int Attempt, int Minute, RecipientState State)[] events, RecipientState state, int attempt)
    {
        Assert.NotEmpty(name);
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var alone = Samples.Email(1, TestDatabase.Noon);
        var batched = Samples.Email(2, TestDatabase.Noon);
        await projection.ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(alone), Samples.Projected(batched)], Token);

        var sequence = 0;
        foreach (var (n, minute, s) in events)
        {
            var one = Samples.Attempted(alone, n, TestDatabase.Noon.AddMinutes(minute), s);
            await projection.ApplyEventsAsync(new ProjectedRange("EVENTS-0", sequence, ++sequence), [one], Token);
        }

        var all = events.Select(e => Samples.Attempted(batched, e.Attempt, TestDatabase.Noon.AddMinutes(e.Minute), e.State)).ToArray();
        await projection.ApplyEventsAsync(new ProjectedRange("EVENTS-0", sequence, sequence + 1), all, Token);

        foreach (var id in new[] { 1L, 2L })
        {
            var found = (await database.Get<Emails>().FindAsync(id, Token))!;
            Assert.Equal(state, found.Recipients[0].State);
            Assert.Equal(attempt, found.Recipients[0].Attempt);
            Assert.Equal(events.Distinct().Count(), found.Timeline.Count);
            Assert.Equal(state == RecipientState.Deferred, found.Recipients[0].NextAttemptAt is not null);
        }
    }

    [Fact]
    public async Task ApplyEventsAsync_Fault_StandsWithTheRecipientAndItsAttempt()
    {
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var email = Samples.Email(1, TestDatabase.Noon);
        await projection.ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(email)], Token);
        var attempted = Samples.Attempted(email, 1, TestDatabase.Noon, RecipientState.Bounced);
        var fault = new DeliveryFault(FaultOwner.Recipient, FaultReason.UnknownRecipient, FaultPermanence.Address);

        await projection.ApplyEventsAsync(
            new ProjectedRange("EVENTS-0", 0, 1), [attempted with { Outcomes = [attempted.Outcomes[0] with { Fault = fault }] }], Token);

        var found = (await database.Get<Emails>().FindAsync(1, Token))!;
        var recipient = found.Recipients[0];
        var entry = Assert.Single(found.Timeline);
        Assert.Equal((fault.Owner, fault.Reason, fault.Permanence), (recipient.FaultOwner, recipient.FaultReason, recipient.FaultPermanence));
        Assert.Equal((fault.Owner, fault.Reason, fault.Permanence), (entry.FaultOwner, entry.FaultReason, entry.FaultPermanence));
    }

    [Fact]
    public async Task ApplyEventsAsync_EventsOfTwoDays_TouchBoth()
    {
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var today = Samples.Email(1, TestDatabase.Noon);
        var yesterday = Samples.Email(2, TestDatabase.Noon.AddDays(-1));
        await projection.ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(today), Samples.Projected(yesterday)], Token);

        await projection.ApplyEventsAsync(
            new ProjectedRange("EVENTS-0", 0, 1),
            [.. new[] { today, yesterday }.Select(e => Samples.Attempted(e, 1, TestDatabase.Noon, RecipientState.Delivered))],
            Token);

        Assert.Equal(2L, await database.ScalarAsync<long>("select count(*) from recipients where state = 'delivered'"));
    }

    [Fact]
    public async Task ListAsync_Filters()
    {
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var first = Samples.Email(1, TestDatabase.Noon, "Ann@x.example");
        var second = Samples.Email(2, TestDatabase.Noon.AddMinutes(1), "bob@x.example", "cid@x.example");
        await projection.ApplyMailAsync(new ProjectedRange("MAIL-0", 0, 1), [Samples.Projected(first), Samples.Projected(second)], Token);
        await projection.ApplyEventsAsync(
            new ProjectedRange("EVENTS-0", 0, 1), [Samples.Attempted(second, 1, TestDatabase.Noon.AddMinutes(2), RecipientState.Delivered, 1)], Token);
        var emails = database.Get<Emails>();

        Assert.Equal([2L, 1L], await IdsAsync(new EmailQuery()));
        Assert.Equal([1L], await IdsAsync(new EmailQuery { Recipient = "ann@X.example" }));
        Assert.Equal([2L], await IdsAsync(new EmailQuery { State = RecipientState.Delivered }));
        Assert.Equal([2L], await IdsAsync(new EmailQuery { Since = TestDatabase.Noon.AddSeconds(1) }));
        Assert.Equal([2L], await IdsAsync(new EmailQuery { Limit = 1 }));
        Assert.Empty(await IdsAsync(new EmailQuery { DomainId = 99 }));
        var summary = (await emails.ListAsync(new EmailQuery { Limit = 1 }, Token))[0];
        Assert.Equal(2, summary.Recipients);
        Assert.Equal("bob@x.example", summary.FirstRecipient);
        Assert.Equal(["delivered", "queued"], summary.States);

        async Task<IEnumerable<long>> IdsAsync(EmailQuery query) => (await emails.ListAsync(query, Token)).Select(e => e.Id);
    }

    [Fact]
    public async Task TenThousandEmails_AreProjectedInBatches()
    {
        await using var database = await ReadyAsync();
        var projection = database.Get<Projection>();
        var content = new byte[5000];
        new Random(1).NextBytes(content);
        var emails = Enumerable.Range(1, 10_000).Select(i => Samples.Email(i, TestDatabase.Noon.AddMilliseconds(i))).ToArray();

        var started = Stopwatch.StartNew();
        for (var batch = 0; batch < 5; batch++)
        {
            var rows = emails.Skip(batch * 2000).Take(2000).Select(e => Samples.Projected(e) with { Content = content }).ToArray();
            await projection.ApplyMailAsync(new ProjectedRange("MAIL-0", batch, batch + 1), rows, Token);
        }

        var mail = started.Elapsed;
        started.Restart();
        for (var batch = 0; batch < 5; batch++)
        {
            var events = emails.Skip(batch * 2000).Take(2000).Select(e => Samples.Attempted(e, 1, e.AcceptedAt.AddSeconds(1), RecipientState.Delivered)).ToArray();
            await projection.ApplyEventsAsync(new ProjectedRange("EVENTS-0", batch, batch + 1), events, Token);
        }

        TestContext.Current.SendDiagnosticMessage("projected 10,000 emails: MAIL {0:F0}/s, EVENTS {1:F0}/s", 10_000 / mail.TotalSeconds, 10_000 / started.Elapsed.TotalSeconds);
        Assert.Equal(10_000L, await database.ScalarAsync<long>("select count(*) from recipients where state = 'delivered'"));
    }

    private async Task<TestDatabase> ReadyAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.Get<ProjectionCursors>().ReadOrCreateAsync("MAIL-0", TestDatabase.Noon, Token);
        await database.Get<ProjectionCursors>().ReadOrCreateAsync("EVENTS-0", TestDatabase.Noon, Token);
        return database;
    }
}
