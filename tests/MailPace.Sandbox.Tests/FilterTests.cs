using System.Net;
using System.Text.Json;
using MailPace.Testing;

namespace MailPace.Sandbox.Tests;

/// <summary><c>GET /sandbox/messages</c>, for the assertions in a user's own tests.</summary>
public sealed class FilterTests(PostgresServerFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Filters_EachAndTogether_FindWhatTheyName()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        await sandbox.DeliverAsync("To: Ann <ann@one.example>\nSubject: Welcome aboard\n\nx\n", "ann@one.example");
        await sandbox.DeliverAsync("To: Bob <bob@one.example>\nSubject: Your invoice\n\nx\n", "bob@one.example", "hidden@two.example");
        var between = Uri.EscapeDataString((await sandbox.ListAsync())[0].GetProperty("received_at").GetString()!);
        await sandbox.DeliverAsync("To: Ann <ann@one.example>\nSubject: =?utf-8?q?Pr=C3=BCfung_100%?=\n\nx\n", "ann@one.example");

        Assert.Equal(["Prüfung 100%", "Your invoice", "Welcome aboard"], Subjects(await sandbox.ListAsync()));
        Assert.Equal(["Prüfung 100%", "Welcome aboard"], Subjects(await sandbox.ListAsync("?to=ANN@one.example")));
        Assert.Equal(["Your invoice"], Subjects(await sandbox.ListAsync("?to=hidden@two.example")));
        Assert.Equal(["Prüfung 100%"], Subjects(await sandbox.ListAsync("?subject=" + Uri.EscapeDataString("PRüFUNG 100%"))));
        Assert.Equal(["Prüfung 100%", "Your invoice"], Subjects(await sandbox.ListAsync("?since=" + between)));
        Assert.Equal(["Prüfung 100%"], Subjects(await sandbox.ListAsync($"?since={between}&to=ann&subject=pr")));
        Assert.Equal(["Prüfung 100%", "Your invoice"], Subjects(await sandbox.ListAsync("?limit=2")));
        Assert.Empty(Subjects(await sandbox.ListAsync("?to=nobody")));
        Assert.Empty(Subjects(await sandbox.ListAsync("?since=2999-01-01")));
        Assert.Equal(3, (await sandbox.ListAsync("?since=2020-01-01T00:00:00+01:00&to=&subject=")).GetArrayLength());
    }

    [Fact]
    public async Task Answer_HasTheDocumentedShape()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        await sandbox.DeliverAsync(
            """
            From: a@demo.example
            To: b@one.example
            Cc: c@one.example
            Subject: Hi
            Message-ID: <1@demo.example>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: multipart/alternative; boundary=y

            --y
            Content-Type: text/plain

            plain
            --y
            Content-Type: text/html

            <p>rich</p>
            --y--
            --x
            Content-Type: application/pdf
            Content-Disposition: attachment; filename=a.pdf
            Content-Transfer-Encoding: base64

            AAECAw==
            --x--

            """,
            "b@one.example");

        var message = (await sandbox.ListAsync())[0];
        var single = JsonDocument.Parse(await sandbox.Http.GetStringAsync(new Uri($"/sandbox/messages/{message.GetProperty("id")}", UriKind.Relative), Cancel)).RootElement;

        Assert.Equal(
            ["id", "received_at", "envelope", "from", "to", "cc", "subject", "message_id", "text", "html", "headers", "attachments", "tls", "dkim", "raw_url"],
            message.EnumerateObject().Select(each => each.Name));
        Assert.Equal("plain", message.GetProperty("text").GetString()!.Trim());
        Assert.Equal("<p>rich</p>", message.GetProperty("html").GetString()!.Trim());
        var attachment = message.GetProperty("attachments")[0];
        Assert.Equal(("a.pdf", "application/pdf", 4), (attachment.GetProperty("name").GetString(), attachment.GetProperty("content_type").GetString(), attachment.GetProperty("size").GetInt32()));
        Assert.Contains(message.GetProperty("headers").EnumerateArray(), static each => each.GetProperty("name").GetString() == "Cc" && each.GetProperty("value").GetString() == "c@one.example");
        Assert.Equal(message.GetRawText(), single.GetRawText());
    }

    [Theory]
    [InlineData("?from=a@x.example", "from: there is no such filter; known are to, subject, since, limit, wait")]
    [InlineData("?since=yesterday", "since: 'yesterday' is no ISO 8601 time such as 2026-01-31T08:30:00Z")]
    [InlineData("?since=11/24", "since: '11/24' is no ISO 8601 time such as 2026-01-31T08:30:00Z")]
    [InlineData("?limit=0", "limit: '0' is no whole number from 1 to 1000")]
    [InlineData("?limit=1001", "limit: '1001' is no whole number from 1 to 1000")]
    [InlineData("?wait=NaN", "wait: 'NaN' is no number of seconds from 0 to 60")]
    [InlineData("?wait=-1&limit=ten", "limit: 'ten' is no whole number from 1 to 1000; wait: '-1' is no number of seconds from 0 to 60")]
    public async Task FilterThatCannotBeMeant_Is400AndNamed(string query, string words)
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);

        var (answer, body) = await sandbox.PageAsync("/sandbox/messages" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(words, JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Wait_AnswersWhenTheMessageComes()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);

        var waiting = sandbox.ListAsync("?to=late@one.example&wait=60");
        await sandbox.DeliverAsync("Subject: other\n\nx\n", "early@one.example");
        Assert.False(waiting.IsCompleted);
        await sandbox.DeliverAsync("Subject: late\n\nx\n", "late@one.example");

        Assert.Equal(["late"], Subjects(await waiting));
    }

    [Fact]
    public async Task Message_ThatIsNotThere_Is404()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);

        foreach (var path in (string[])["/sandbox/messages/1", "/sandbox/messages/1/raw", "/sandbox/1", "/sandbox/1/html"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await sandbox.PageAsync(path)).Answer.StatusCode);
        }
    }

    private static IEnumerable<string?> Subjects(JsonElement messages) => messages.EnumerateArray().Select(static each => each.GetProperty("subject").GetString());
}
