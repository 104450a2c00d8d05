using System.Globalization;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MailPace.Testing;
using MimeKit;

namespace MailPace.Clients.Tests;

/// <summary>
/// Each real client sends an email with letters beyond ASCII and an attachment; Postfix receives it; dkimpy and OpenDKIM, written by
/// others, accept both signatures.
/// </summary>
public sealed class ClientTests(ClientFixture fixture)
{
    private const string Text = "Grüße aus Köln – 東京 ✓";
    private const string FileName = "übersicht.txt";
    private static readonly byte[] FileContent = Encoding.UTF8.GetBytes("Zeile eins\nZeile zwei – ✓\n");

    [Fact]
    public Task MailpaceJs_Sends_ArrivesSignedByBothKeys() => SendAndCheckAsync("mailpacejs", async (parts, environment) =>
    {
        environment["HOST"] = Host(parts.Platform.HttpsPort);
        environment["NODE_EXTRA_CA_CERTS"] = parts.Platform.Tls.CaPath;
        var answer = await Command.RunAsync(Tools.Program("node"), [Script("node/mailpace.js")], environment);
        Assert.Contains("\"status\":\"pending\"", answer, StringComparison.Ordinal);
    });

    [Fact]
    public Task Symfony_Sends_ArrivesSignedByBothKeys() => SendAndCheckAsync("symfony", async (parts, environment) =>
    {
        environment["HOST"] = Host(parts.Platform.HttpsPort);
        environment["CA"] = parts.Platform.Tls.CaPath;
        await Command.RunAsync(Tools.Program("php"), [Script("php/symfony.php")], environment);
    });

    [Fact]
    public Task Nodemailer_Sends_ArrivesSignedByBothKeys() => SendAndCheckAsync("nodemailer", async (parts, environment) =>
    {
        environment["PORT"] = parts.Platform.SmtpPort.ToString(CultureInfo.InvariantCulture);
        environment["NODE_EXTRA_CA_CERTS"] = parts.Platform.Tls.CaPath;
        var answer = await Command.RunAsync(Tools.Program("node"), [Script("node/nodemailer.js")], environment);
        Assert.StartsWith("250 2.0.0", answer, StringComparison.Ordinal);
    });

    [Fact]
    public Task Swaks_Sends_ArrivesSignedByBothKeys() => SendAndCheckAsync("swaks", (parts, environment) =>
    {
        var attachment = Path.Combine(parts.Platform.WorkDirectory, FileName);
        File.WriteAllBytes(attachment, FileContent);
        return Command.RunAsync(Tools.Program("swaks"),
        [
            "--server", "127.0.0.1", "--port", parts.Platform.SmtpPort.ToString(CultureInfo.InvariantCulture), "--tls", "--tls-ca-path", parts.Platform.Tls.CaPath,
            "--auth", "PLAIN", "--auth-user", parts.Platform.Token, "--auth-password", parts.Platform.Token,
            "--from", "hello@" + parts.Platform.Domain, "--to", environment["TO"], "--header", "Subject: " + environment["SUBJECT"], "--header", "From: Jörg <hello@" + parts.Platform.Domain + ">",
            "--header", "Content-Type: text/plain; charset=utf-8", "--body", Text, "--attach-type", "text/plain", "--attach-name", FileName, "--attach", "@" + attachment,
        ]);
    });

    [Fact]
    public Task CurlHttp_Sends_ArrivesSignedByBothKeys() => SendAndCheckAsync("curl-http", (parts, environment) =>
    {
        var json = $$"""
            {"from":"{{environment["FROM"]}}","to":"{{environment["TO"]}}","subject":"{{environment["SUBJECT"]}}","textbody":"{{Text}}",
             "attachments":[{"name":"{{FileName}}","content":"{{environment["FILE_BASE64"]}}","content_type":"text/plain"}]}
            """;
        return Command.RunAsync(Tools.Program("curl"),
            ["-sS", "--fail-with-body", "--cacert", parts.Platform.Tls.CaPath, "https://" + Host(parts.Platform.HttpsPort) + "/api/v1/send", "-H", "Content-Type: application/json", "-H", "MailPace-Server-Token: " + parts.Platform.Token, "-d", json]);
    });

    [Fact]
    public Task CurlSmtp_Sends_ArrivesSignedByBothKeys() => SendAndCheckAsync("curl-smtp", async (parts, environment) =>
    {
        var path = Path.Combine(parts.Platform.WorkDirectory, "curl.eml");
        await Compose(environment).WriteToAsync(path, TestContext.Current.CancellationToken);
        await Command.RunAsync(Tools.Program("curl"),
        [
            "-sS", "--cacert", parts.Platform.Tls.CaPath, "smtps://" + Host(parts.Platform.SmtpsPort), "--user", parts.Platform.Token + ":" + parts.Platform.Token,
            "--mail-from", "hello@" + parts.Platform.Domain, "--mail-rcpt", environment["TO"], "--upload-file", path, "--crlf",
        ]);
    });

    [Fact]
    public Task MailKit_Sends_ArrivesSignedByBothKeys() => SendAndCheckAsync("mailkit", async (parts, environment) =>
    {
        var token = TestContext.Current.CancellationToken;
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        // The test CA isn't in the machine's store; that the name and the key fit is what other clients check here.
        client.ServerCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        await client.ConnectAsync("localhost", parts.Platform.SmtpPort, SecureSocketOptions.StartTls, token);
        await client.AuthenticateAsync(parts.Platform.Token, parts.Platform.Token, token);
        await client.SendAsync(Compose(environment), token);
        await client.DisconnectAsync(true, token);
    });

    private static string Host(int port) => string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");

    private static string Script(string name) => Path.Combine(RepositoryRoot.Path, "tests/clients", name);

    private static MimeMessage Compose(Dictionary<string, string> environment)
    {
        var message = new MimeMessage { Subject = environment["SUBJECT"] };
        message.From.Add(MailboxAddress.Parse(environment["FROM"]));
        message.To.Add(MailboxAddress.Parse(environment["TO"]));
        var body = new BodyBuilder { TextBody = Text };
        body.Attachments.Add(FileName, FileContent, new ContentType("text", "plain"));
        message.Body = body.ToMessageBody();
        return message;
    }

    private async Task SendAndCheckAsync(string client, Func<ClientFixture.Parts, Dictionary<string, string>, Task> sendAsync)
    {
        var parts = await fixture.StartedAsync();
        var recipient = $"{client}@{PostfixReceiver.Domain}";
        var environment = new Dictionary<string, string>
        {
            ["TOKEN"] = parts.Platform.Token,
            ["FROM"] = $"Jörg <hello@{parts.Platform.Domain}>",
            ["TO"] = recipient,
            ["SUBJECT"] = $"{client} – Grüße",
            ["TEXT"] = Text,
            ["FILE_NAME"] = FileName,
            ["FILE_BASE64"] = Convert.ToBase64String(FileContent),
        };

        await sendAsync(parts, environment);

        var path = await parts.Postfix.FindAsync("Delivered-To: " + recipient);
        await AssertContentAsync(path, client);
        await AssertDkimpyAsync(parts, path);
        await AssertOpenDkimAsync(parts, path);
    }

    private static async Task AssertContentAsync(string path, string client)
    {
        var message = await MimeMessage.LoadAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal($"{client} – Grüße", message.Subject);
        Assert.Equal("Jörg", message.From.Mailboxes.Single().Name);
        Assert.Equal(Text, message.TextBody?.Trim());
        var attachment = Assert.IsAssignableFrom<MimePart>(Assert.Single(message.Attachments));
        Assert.Equal(FileName, attachment.FileName);
        using var content = new MemoryStream();
        await attachment.Content!.DecodeToAsync(content, TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.GetString(FileContent), Encoding.UTF8.GetString(content.ToArray()).ReplaceLineEndings("\n"));
    }

    private static async Task AssertDkimpyAsync(ClientFixture.Parts parts, string path)
    {
        var said = await Command.RunAsync("/usr/bin/python3", [Script("python/verify_dkim.py"), parts.DkimKeysPath, path]);
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, static line => Assert.EndsWith(" pass", line, StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("rsa-sha256", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("ed25519-sha256", StringComparison.Ordinal));
    }

    private static async Task AssertOpenDkimAsync(ClientFixture.Parts parts, string path)
    {
        var configuration = Path.Combine(parts.Platform.WorkDirectory, Path.GetRandomFileName());
        await File.WriteAllTextAsync(configuration, $"Mode v\nTestPublicKeys {parts.DkimKeysPath}\nSyslog no\nAlwaysAddARHeader yes\n", TestContext.Current.CancellationToken);
        var said = await Command.RunAsync(Tools.Program("opendkim"), ["-x", configuration, "-t", path, "-vv"]);
        Assert.Equal(2, said.Split("dkim=pass").Length - 1);
        Assert.DoesNotContain("dkim=fail", said, StringComparison.Ordinal);
    }
}
