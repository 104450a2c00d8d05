using System.Text;
using MailPace.Storage.Sandbox;
using MailPace.Testing;

namespace MailPace.Sandbox.Tests;

/// <summary>The receiving side: what <c>deliver</c> sends is kept, byte for byte, and no more of it than is wanted.</summary>
public sealed class ReceivingTests(PostgresServerFixture postgres)
{
    private const string Mime = "From: a@demo.example\nTo: b@one.example\nSubject: Hi\nMessage-ID: <1@demo.example>\n\nHello\n..dots\n.\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_IsKeptWithItsEnvelopeAndItsBytes()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);

        await sandbox.DeliverAsync(Mime, "b@one.example", "hidden@two.example");

        var message = (await sandbox.ListAsync())[0];
        Assert.Equal("bounces+1@bounces.example", message.GetProperty("envelope").GetProperty("reverse_path").GetString());
        Assert.Equal(["b@one.example", "hidden@two.example"], message.GetProperty("envelope").GetProperty("recipients").EnumerateArray().Select(each => each.GetString()));
        var raw = await sandbox.Http.GetStringAsync(new Uri(message.GetProperty("raw_url").GetString()!, UriKind.Relative), Cancel);
        Assert.EndsWith("\r\n" + Mime.ReplaceLineEndings("\r\n"), "\r\n" + raw, StringComparison.Ordinal);
        Assert.StartsWith("Received: from ", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignedMessage_OfOurDomain_PassesWithoutDns()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        using var signer = await sandbox.AddDomainAsync("demo.example");
        var message = Encoding.UTF8.GetBytes(Mime.ReplaceLineEndings("\r\n"));

        await sandbox.DeliverAsync((byte[])[.. signer.Sign(message), .. message], "b@one.example");
        await sandbox.DeliverAsync((byte[])[.. signer.Sign(message), .. Encoding.UTF8.GetBytes(Mime.Replace("Hello", "Tampered", StringComparison.Ordinal).ReplaceLineEndings("\r\n"))], "b@one.example");

        var found = await sandbox.ListAsync();
        Assert.Equal(["fail", "fail"], Results(found[0]));
        Assert.Equal(["pass", "pass"], Results(found[1]));
        Assert.Equal(
            ["demo.example rsa rsa-sha256", "demo.example ed ed25519-sha256"],
            found[1].GetProperty("dkim").EnumerateArray().Select(each => $"{each.GetProperty("domain")} {each.GetProperty("selector")} {each.GetProperty("algorithm")}"));
        var (_, html) = await sandbox.PageAsync($"/sandbox/{found[1].GetProperty("id")}");
        Assert.Contains("pass · rsa-sha256 · demo.example", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no header at all\n")]
    [InlineData("\n")]
    [InlineData("Subject: only a header\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n")]
    [InlineData("Content-Type: text/html; charset=nonsense\nContent-Transfer-Encoding: base64\n\n%%%\n")]
    [InlineData("DKIM-Signature: v=1; a=rsa-sha256; d=; s=; bh=; b=\n\nx\n")]
    public async Task MessageThatIsHardlyOne_BreaksNeitherListNorPages(string mime)
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);

        await sandbox.DeliverAsync(mime, "b@one.example");

        var id = (await sandbox.ListAsync())[0].GetProperty("id").GetInt64();
        foreach (var path in (string[])["/sandbox", $"/sandbox/{id}", $"/sandbox/{id}?view=text", $"/sandbox/{id}?view=headers", $"/sandbox/{id}?view=source", $"/sandbox/{id}/html", $"/sandbox/messages/{id}"])
        {
            var (answer, _) = await sandbox.PageAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task Storage_IsBoundedByNumberAndAge()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        for (var i = 1; i <= 5; i++)
        {
            await sandbox.DeliverAsync($"Subject: number {i}\n\nx\n", "b@one.example");
        }

        var store = sandbox.Get<SandboxMessages>();
        Assert.Equal(3, await store.TrimAsync(2, DateTimeOffset.UnixEpoch, Cancel));
        Assert.Equal(["number 5", "number 4"], (await sandbox.ListAsync()).EnumerateArray().Select(each => each.GetProperty("subject").GetString()));
        Assert.Equal(2, await store.TrimAsync(2, TimeProvider.System.GetUtcNow().AddMinutes(1), Cancel));
        Assert.Equal(0, (await sandbox.ListAsync()).GetArrayLength());
    }

    private static IEnumerable<string?> Results(System.Text.Json.JsonElement message) => message.GetProperty("dkim").EnumerateArray().Select(each => each.GetProperty("result").GetString());
}
