using MailPace.Testing;

namespace MailPace.Sandbox.Tests;

/// <summary>A mail is written by a stranger: none of its words becomes our markup, and its HTML can do nothing but be looked at.</summary>
public sealed class HostileMailTests(PostgresServerFixture postgres)
{
    private const string Attack = "\"></title></iframe><script>alert(1)</script><img src=x onerror=alert(1)>'";

    private const string Mime = $"""
        From: "x\"><script>alert('from')</script>" <a@demo.example>
        To: <script>alert('to')</script>@one.example
        Cc: "'><b>" <c@one.example>
        Subject: {Attack}
        X-Evil: {Attack}
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=x

        --x
        Content-Type: text/html

        <script>parent.alert(1)</script></iframe><img src="http://tracker.example/p.gif"><img src="cid:pic"><form action="http://evil.example"><input></form>
        --x
        Content-Type: text/plain; name="<script>alert(2)</script>.txt"
        Content-Disposition: attachment; filename="<script>alert(2)</script>.txt"

        x
        --x
        Content-Type: image/png
        Content-ID: <pic>
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --x
        Content-Type: image/svg+xml"onload="alert(3)
        Content-ID: <svg>

        <svg onload="alert(3)"/>
        --x--

        """;

    [Fact]
    public async Task Pages_HostileWords_AreTextAndNeverMarkup()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        await sandbox.DeliverAsync(Mime, "b@one.example");
        var id = await sandbox.NewestAsync();

        foreach (var path in (string[])[
            "/sandbox", "/sandbox?to=" + Uri.EscapeDataString("\"><script>alert(1)</script>"),
            $"/sandbox/{id}", $"/sandbox/{id}?view=text", $"/sandbox/{id}?view=headers", $"/sandbox/{id}?view=source", $"/sandbox/{id}?view=<script>"])
        {
            var (answer, html) = await sandbox.PageAsync(path);
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<b>", html, StringComparison.OrdinalIgnoreCase);
            Assert.True(html.Split("</iframe>").Length <= 2, path);
            var policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; style-src 'self'; frame-src 'self'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task Html_IsShownInAFrameWithoutScriptsAndWithAnOriginOfItsOwn()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        await sandbox.DeliverAsync(Mime, "b@one.example");
        var id = await sandbox.NewestAsync();

        var (_, page) = await sandbox.PageAsync($"/sandbox/{id}");
        var (frame, html) = await sandbox.PageAsync($"/sandbox/{id}/html");
        var (withImages, _) = await sandbox.PageAsync($"/sandbox/{id}/html?images=on");

        Assert.Contains($"<iframe class=\"mail\" sandbox=\"\" referrerpolicy=\"no-referrer\" title=\"The message\" src=\"/sandbox/{id}/html\"></iframe>", page, StringComparison.Ordinal);
        Assert.Equal(
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
            Assert.Single(frame.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("data:image/png;base64,iVBORw0KGgo=", html, StringComparison.Ordinal);
        var policy = Assert.Single(withImages.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("img-src data: http: https:", policy, StringComparison.Ordinal);
        Assert.StartsWith("sandbox; default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_ThatNamesOneImageThousandsOfTimes_IsBounded()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        var image = Convert.ToBase64String(new byte[90_000], Base64FormattingOptions.InsertLineBreaks);
        var html = string.Concat(Enumerable.Repeat("<img src=\"cid:pic\">\n", 2000));
        await sandbox.DeliverAsync(
            $"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n{html}\n--x\nContent-Type: image/png\nContent-ID: <pic>\nContent-Transfer-Encoding: base64\n\n{image}\n--x--\n",
            "b@one.example");

        var (_, page) = await sandbox.PageAsync($"/sandbox/{await sandbox.NewestAsync()}/html");

        Assert.StartsWith("<img src=\"data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.InRange(page.Length, 120_000, 17 * 1024 * 1024);
    }

    [Fact]
    public async Task Signatures_Thousands_AreNotAllLookedUp()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        await sandbox.DeliverAsync(string.Concat(Enumerable.Repeat("DKIM-Signature: v=1; a=rsa-sha256; d=; s=; bh=; b=\n", 2000)) + "\nx\n", "b@one.example");

        Assert.Equal(10, (await sandbox.ListAsync())[0].GetProperty("dkim").GetArrayLength());
    }

    [Fact]
    public async Task Raw_IsPlainTextThatNoBrowserInterprets()
    {
        await using var sandbox = await RunningSandbox.StartAsync(postgres);
        await sandbox.DeliverAsync(Mime, "b@one.example");

        var (answer, _) = await sandbox.PageAsync($"/sandbox/messages/{await sandbox.NewestAsync()}/raw");

        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }
}
