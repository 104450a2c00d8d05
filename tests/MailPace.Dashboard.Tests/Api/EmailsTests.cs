using System.Globalization;
using MailPace.Contracts;
using MailPace.Dashboard.Tests.Harness;

namespace MailPace.Dashboard.Tests.Api;

public sealed class EmailsTests(RunningDashboard dashboard)
{
    [Fact]
    public async Task List_Pages_ByCursor_NewestFirst()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            // Two of one moment: the id decides.
            ids.Add(await server.RecordAsync(acme, 1, subject: $"Number {i}", age: TimeSpan.FromMinutes(10 - (i / 2))));
        }

        var seen = new List<long>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await acme.GetAsync($"/api/v1/emails?limit=2&cursor={cursor}")).Json;
            seen.AddRange(page.GetProperty("emails").EnumerateArray().Select(static e => e.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task List_EachFilter_FindsItsEmails()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var invoice = await server.RecordAsync(acme, 1, subject: "100% Invoice_7", to: "Ann@example.net", tags: ["billing"]);
        var welcome = await server.RecordAsync(acme, 2, subject: "Welcome", to: "bob@example.net", state: RecipientState.Delivered, age: TimeSpan.FromDays(1));

        Assert.Equal([invoice], await IdsAsync("to=ann@EXAMPLE.net"));
        Assert.Equal([invoice], await IdsAsync("subject=invoice_"));
        Assert.Equal([invoice], await IdsAsync("subject=100%25"));
        Assert.Empty(await IdsAsync("subject=Welc_me"));
        Assert.Equal([invoice], await IdsAsync("tag=billing"));
        Assert.Equal([welcome], await IdsAsync("status=delivered"));
        Assert.Equal([welcome], await IdsAsync("domain_id=2"));
        Assert.Equal([invoice, welcome], await IdsAsync("from=APP@acme.example"));
        Assert.Equal([invoice], await IdsAsync("since=" + At(TimeSpan.FromHours(1))));
        Assert.Equal([welcome], await IdsAsync("until=" + At(TimeSpan.FromHours(1))));
        foreach (var wrong in (string[])["limit=0", "cursor=x", "cursor=AAAA", "status=3", "since=yesterday", "domain_id=x", "subject=%00"])
        {
            var answer = await acme.GetAsync("/api/v1/emails?" + wrong);
            Assert.Equal((422, $$$"""{"errors":{"{{{wrong.Split('=')[0]}}}":["is invalid"]}}"""), (answer.Status, answer.Body));
        }

        async Task<List<long>> IdsAsync(string query)
            => [.. (await acme.GetAsync("/api/v1/emails?" + query)).Json.GetProperty("emails").EnumerateArray().Select(static e => e.GetProperty("id").GetInt64())];

        static string At(TimeSpan ago) => Uri.EscapeDataString((TimeProvider.System.GetUtcNow() - ago).ToString("O", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Get_TellsEachRecipientsTimeline_WithTheRemotesReply()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var id = await server.RecordAsync(acme, 1, subject: "<script>", state: RecipientState.Bounced, reply: new RemoteReply(550, "5.1.1", "No such user <b>here</b>"));

        var email = (await acme.GetAsync($"/api/v1/emails/{id}")).Json;

        Assert.Equal("<script>", email.GetProperty("subject").GetString());
        Assert.Equal("api", email.GetProperty("source").GetString());
        var recipient = Assert.Single(email.GetProperty("recipients").EnumerateArray());
        Assert.Equal("bounced", recipient.GetProperty("status").GetString());
        var entry = Assert.Single(recipient.GetProperty("timeline").EnumerateArray());
        Assert.Equal("""{"code":550,"enhanced":"5.1.1","text":"No such user <b>here</b>"}""", entry.GetProperty("reply").GetRawText());
        Assert.Equal("mx.example.net", entry.GetProperty("remote_host").GetString());
        Assert.Equal("attempted", entry.GetProperty("event").GetString());
    }

    [Fact]
    public async Task Statistics_CountRecipientsByStateAndDay()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        await server.RecordAsync(acme, 1, state: RecipientState.Delivered);
        await server.RecordAsync(acme, 1, state: RecipientState.Delivered, tags: ["x"]);
        await server.RecordAsync(acme, 1, state: RecipientState.Bounced);
        await server.RecordAsync(acme, 1, state: RecipientState.Delivered, age: TimeSpan.FromDays(40));

        var all = (await acme.GetAsync("/api/v1/statistics")).Json;
        var tagged = (await acme.GetAsync("/api/v1/statistics?tag=x")).Json;

        Assert.Equal((2, 1), (all.GetProperty("totals").GetProperty("delivered").GetInt32(), all.GetProperty("totals").GetProperty("bounced").GetInt32()));
        Assert.Equal(3, all.GetProperty("days").EnumerateArray().Sum(static day => day.GetProperty("counts").EnumerateObject().Sum(static c => c.Value.GetInt32())));
        Assert.Equal("""{"delivered":1}""", tagged.GetProperty("totals").GetRawText());
    }

    [Fact]
    public async Task AnothersEmails_AreNotThere_ForOrganisationsAndForDomains()
    {
        var server = await dashboard.ServerAsync();
        var owner = await server.NewCustomerAsync("Owner");
        var stranger = await server.NewCustomerAsync("Stranger");
        var domain = await owner.AddDomainAsync("mails.example");
        var sibling = await owner.AddDomainAsync("sibling.example");
        var id = await server.RecordAsync(owner, domain);
        var ofDomain = owner.With(await server.NewTokenAsync(owner.OrganisationId, domain));
        var ofSibling = owner.With(await server.NewTokenAsync(owner.OrganisationId, sibling));

        Assert.Equal(200, (await ofDomain.GetAsync($"/api/v1/emails/{id}")).Status);
        foreach (var other in (Customer[])[stranger, ofSibling])
        {
            var answer = await other.GetAsync($"/api/v1/emails/{id}");
            Assert.Equal((404, """{"error":"Not found"}"""), (answer.Status, answer.Body));
            Assert.Equal("""{"emails":[],"next_cursor":null}""", (await other.GetAsync("/api/v1/emails")).Body);
            Assert.Equal("""{"emails":[],"next_cursor":null}""", (await other.GetAsync($"/api/v1/emails?domain_id={domain}")).Body);
            Assert.Equal("{}", (await other.GetAsync($"/api/v1/statistics?domain_id={domain}")).Json.GetProperty("totals").GetRawText());
        }

        Assert.Equal(401, (await owner.With(null).GetAsync("/api/v1/emails")).Status);
        Assert.Equal(404, (await owner.GetAsync("/api/v1/emails/9007199254740992")).Status);
    }
}
