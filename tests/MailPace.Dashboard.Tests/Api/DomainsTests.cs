using MailPace.Dashboard.Tests.Harness;

namespace MailPace.Dashboard.Tests.Api;

public sealed class DomainsTests(RunningDashboard dashboard)
{
    private static readonly string[] Contract =
        ["id", "name", "url", "dkim_selector", "dkim_string", "dkim_verified", "advanced_verified", "webhook_public_key", "created_at", "modified_at"];

    [Fact]
    public async Task Post_NewDomain_Is201WithItsKeysAndRecords()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();

        var answer = await acme.PostAsync("/api/v1/domains", """{"domain":{"name":"München.example","url":"https://acme.example"}}""");

        Assert.Equal(201, answer.Status);
        var domain = answer.Json;
        Assert.Equal(Contract, domain.EnumerateObject().Select(static p => p.Name).Take(Contract.Length));
        Assert.Equal("xn--mnchen-3ya.example", domain.GetProperty("name").GetString());
        Assert.Equal("https://acme.example", domain.GetProperty("url").GetString());
        Assert.StartsWith("v=DKIM1; k=rsa; h=sha256; p=", domain.GetProperty("dkim_string").GetString(), StringComparison.Ordinal);
        Assert.False(domain.GetProperty("dkim_verified").GetBoolean());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", domain.GetProperty("created_at").GetString());
        Assert.Equal(
            ["dkim TXT", "dkim_ed25519 TXT", "return_path CNAME", "spf TXT", "dmarc TXT", "mx MX"],
            domain.GetProperty("dns_records").EnumerateArray().Select(static r => $"{r.GetProperty("purpose").GetString()} {r.GetProperty("type").GetString()}"));
        Assert.Equal(32, domain.GetProperty("webhook_public_key").GetBytesFromBase64().Length);
        var selector = domain.GetProperty("dkim_selector").GetString();
        Assert.Equal($"{selector}._domainkey.xn--mnchen-3ya.example", domain.GetProperty("dns_records")[0].GetProperty("name").GetString());
        Assert.Equal(answer.Body, (await acme.GetAsync(answer.Headers["Location"])).Body);
    }

    [Theory]
    [InlineData("""{"domain":{"name":""}}""", """{"errors":{"name":["can't be blank"]}}""")]
    [InlineData("{}", """{"errors":{"name":["can't be blank"]}}""")]
    [InlineData("""{"domain":{"name":"no dot"}}""", """{"errors":{"name":["is invalid"]}}""")]
    [InlineData("""{"domain":{"name":"localhost"}}""", """{"errors":{"name":["is invalid"]}}""")]
    [InlineData("""{"domain":{"name":"trailing.example."}}""", """{"errors":{"name":["is invalid"]}}""")]
    [InlineData("""{"domain":{"name":"TAKEN.example"}}""", """{"errors":{"name":["has already been taken"]}}""")]
    [InlineData("""{"domain":{"name":"new.example","url":"javascript:alert(1)"}}""", """{"errors":{"url":["is invalid"]}}""")]
    public async Task Post_WhatIsNotValid_Is422(string request, string expected)
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        await acme.AddDomainAsync("taken.example");

        var answer = await acme.PostAsync("/api/v1/domains", request);

        Assert.Equal((422, expected), (answer.Status, answer.Body));
    }

    [Theory]
    [InlineData("{", "application/json", 400, """{"error":"Request is not valid"}""")]
    [InlineData("""{"domain":{"name":5}}""", "application/json", 400, """{"error":"Request is not valid"}""")]
    [InlineData("name=a.example", "application/x-www-form-urlencoded", 406, """{"error":"Invalid request format or content type"}""")]
    public async Task Post_WhatIsNotJson_SaysSo(string request, string type, int status, string expected)
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();

        var answer = await acme.SendAsync(HttpMethod.Post, "/api/v1/domains", request, type);

        Assert.Equal((status, expected), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Get_Pages_InTheOrderAskedFor()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        foreach (var name in (string[])["b.example", "c.example", "a.example"])
        {
            await acme.AddDomainAsync(name);
        }

        Assert.Equal(["a.example", "c.example", "b.example"], await NamesAsync(""));
        Assert.Equal(["a.example", "b.example", "c.example"], await NamesAsync("?sort=name&direction=asc"));
        Assert.Equal(["b.example"], await NamesAsync("?sort=name&direction=asc&limit=1&offset=1"));
        Assert.Equal(["b.example", "c.example", "a.example"], await NamesAsync("?sort=id&direction=asc&limit=1000"));
        foreach (var wrong in (string[])["limit=0", "limit=x", "offset=-1", "sort=dkim_string", "direction=up"])
        {
            Assert.Equal(422, (await acme.GetAsync("/api/v1/domains?" + wrong)).Status);
        }

        async Task<IEnumerable<string?>> NamesAsync(string query)
            => [.. (await acme.GetAsync("/api/v1/domains" + query)).Json.EnumerateArray().Select(static d => d.GetProperty("name").GetString())];
    }

    [Fact]
    public async Task Patch_ChangesTheUrl_AndNeverTheName()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var id = await acme.AddDomainAsync("acme.example");

        var changed = await acme.PatchAsync($"/api/v1/domains/{id}", """{"domain":{"name":"Acme.example","url":"https://acme.example/"}}""");
        var renamed = await acme.PatchAsync($"/api/v1/domains/{id}", """{"domain":{"name":"other.example"}}""");

        Assert.Equal((200, "https://acme.example/"), (changed.Status, changed.Json.GetProperty("url").GetString()));
        Assert.Equal(422, renamed.Status);
    }

    [Fact]
    public async Task Verify_FollowsDns_AndSaysWhatIsThere()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var id = await acme.AddDomainAsync("acme.example");
        var records = (await acme.GetAsync($"/api/v1/domains/{id}")).Json.GetProperty("dns_records");

        var before = await acme.PostAsync($"/api/v1/domains/{id}/verify");
        server.Dns.WithTxt(records[0].GetProperty("name").GetString()!, records[0].GetProperty("value").GetString()!)
            .WithTxt(records[1].GetProperty("name").GetString()!, "v=DKIM1; k=ed25519; p=AAAA")
            .WithCname("mailer.acme.example", "bounces.mailpace.test")
            .WithTxt("bounces.mailpace.test", "v=spf1 ip4:192.0.2.1 -all")
            .WithTxt("_dmarc.acme.example", "v=DMARC1; p=reject")
            .WithMx("acme.example", 10, "mx.acme.example");
        var after = await acme.PostAsync($"/api/v1/domains/{id}/verify");

        Assert.Equal(200, before.Status);
        Assert.StartsWith(
            """{"dkim_verified":false,"advance_verified":false,"errors":{"dkim":"No matching DKIM key found","advanced_verified":"No CNAME keys found"},""",
            before.Body, StringComparison.Ordinal);
        Assert.All(before.Json.GetProperty("checks").EnumerateArray(), static check => Assert.Equal("missing", check.GetProperty("state").GetString()));
        Assert.StartsWith("""{"dkim_verified":true,"advance_verified":true,"errors":{},""", after.Body, StringComparison.Ordinal);
        Assert.Equal(
            ["found", "wrong", "found", "found", "found", "found"],
            after.Json.GetProperty("checks").EnumerateArray().Select(static check => check.GetProperty("state").GetString()));
        Assert.Equal("10 mx.acme.example", after.Json.GetProperty("checks")[5].GetProperty("found")[0].GetString());
        Assert.Contains("another key", after.Json.GetProperty("checks")[1].GetProperty("explanation").GetString(), StringComparison.Ordinal);
        Assert.True((await acme.GetAsync($"/api/v1/domains/{id}")).Json.GetProperty("dkim_verified").GetBoolean());
    }

    [Fact]
    public async Task Verify_DnsCanNotTell_ChangesNothing()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var id = await acme.AddDomainAsync("silent.example");
        var record = (await acme.GetAsync($"/api/v1/domains/{id}")).Json.GetProperty("dns_records")[0];
        var name = record.GetProperty("name").GetString()!;
        server.Dns.WithTxt(name, record.GetProperty("value").GetString()!);
        await acme.PostAsync($"/api/v1/domains/{id}/verify");

        server.Dns.Failing(name, 2);
        var answer = await acme.PostAsync($"/api/v1/domains/{id}/verify");

        Assert.True(answer.Json.GetProperty("dkim_verified").GetBoolean());
        Assert.Equal("unknown", answer.Json.GetProperty("checks")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task Verify_AnotherOrganisationHasIt_IsNot()
    {
        var server = await dashboard.ServerAsync();
        var first = await server.NewCustomerAsync();
        var second = await server.NewCustomerAsync("Other");
        foreach (var customer in (Customer[])[first, second])
        {
            var id = await customer.AddDomainAsync("shared.example");
            var record = (await customer.GetAsync($"/api/v1/domains/{id}")).Json.GetProperty("dns_records")[0];
            server.Dns.Without(record.GetProperty("name").GetString()!).WithTxt(record.GetProperty("name").GetString()!, record.GetProperty("value").GetString()!);
            var answer = await customer.PostAsync($"/api/v1/domains/{id}/verify");
            Assert.Equal(customer == first, answer.Json.GetProperty("dkim_verified").GetBoolean());
        }
    }

    [Fact]
    public async Task Verify_VouchedByTheOperator_StaysVerified()
    {
        var server = await dashboard.ServerAsync();
        var acme = await server.NewCustomerAsync();
        var id = await acme.AddDomainAsync("demo.example");
        var domains = server.Get<Storage.Accounts.Domains>();
        await domains.VouchAsync((await domains.FindAsync(id, TestContext.Current.CancellationToken))!, TestContext.Current.CancellationToken);

        var answer = await acme.PostAsync($"/api/v1/domains/{id}/verify");

        Assert.True(answer.Json.GetProperty("dkim_verified").GetBoolean());
        Assert.True((await acme.GetAsync($"/api/v1/domains/{id}")).Json.GetProperty("dkim_verified").GetBoolean());
    }
}
