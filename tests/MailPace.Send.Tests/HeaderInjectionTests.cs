using System.Text.Json;
using MailPace.Send.Tests.Harness;
using MailPace.Testing;

namespace MailPace.Send.Tests;

/// <summary>No value of any field adds, removes or changes a header field: refused, or the same names as for a harmless value.</summary>
public sealed class HeaderInjectionTests(SharedPlatform shared)
{
    private static readonly string[] OwnValues =
    [
        "x\r\nBcc: e@x.example", "x\nBcc: e@x.example", "x\rBcc: e@x.example", "x\r\n\r\nbody", "x\u0085Bcc: e", "x\u2028Bcc: e",
        "x\u0000y", "=?utf-8?q?x=0d=0aBcc:=20e@x.example?=", "x\r\n .\r\nMAIL FROM:<e@x.example>", "\"x\\\r\nBcc: e@x.example\"",
    ];

    [Theory]
    [InlineData("subject")]
    [InlineData("from.name")]
    [InlineData("to.name")]
    [InlineData("replyto")]
    [InlineData("replyto.name")]
    [InlineData("tags")]
    [InlineData("list_unsubscribe")]
    [InlineData("inreplyto")]
    [InlineData("references")]
    [InlineData("attachment.name")]
    [InlineData("attachment.content_type")]
    [InlineData("attachment.cid")]
    [InlineData("textbody")]
    [InlineData("htmlbody")]
    public async Task Value_ThatWouldInject_AddsNoHeaderField(string place)
    {
        var account = await shared.Platform.CreateAccountAsync();
        var harmless = (await SendAsync(account, place, "x")).HeadersOrRefusal;

        foreach (var value in Values())
        {
            var (headers, answer) = await SendAsync(account, place, value);
            if (headers is null)
            {
                Assert.Equal(400, (int)answer.Status);
                continue;
            }

            Assert.Equal(harmless ?? headers, headers);
            Assert.DoesNotContain("Bcc", headers);
        }
    }

    private static string[] Values()
    {
        if (RepositoryRoot.TestData is not { } data)
        {
            return OwnValues;
        }

        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data, "attack-vectors/header-injection.json")));
        return [.. OwnValues, .. file.RootElement.GetProperty("values").EnumerateArray().Select(static value => value.GetString()!)];
    }

    private async Task<(string[]? HeadersOrRefusal, ApiAnswer Answer)> SendAsync(Account account, string place, string value)
    {
        var attachment = new Dictionary<string, object?> { ["name"] = "a.txt", ["content"] = "aGVsbG8=", ["content_type"] = "text/plain", ["cid"] = null };
        var changes = new List<(string, object?)> { ("attachments", new[] { attachment }) };
        switch (place)
        {
            case "from.name": changes.Add(("from", $"{value} <{account.From}>")); break;
            case "to.name": changes.Add(("to", $"{value} <to@recipient.example>")); break;
            case "replyto.name": changes.Add(("replyto", $"{value} <to@recipient.example>")); break;
            case "attachment.name": attachment["name"] = $"{value.Replace(".", "", StringComparison.Ordinal)}.txt"; break;
            case "attachment.content_type": attachment["content_type"] = $"text/{value}"; break;
            case "attachment.cid": attachment["cid"] = value; break;
            default: changes.Add((place, value)); break;
        }

        var answer = await shared.Platform.SendAsync(account, [.. changes]);
        if ((int)answer.Status != 200)
        {
            return (null, answer);
        }

        var message = (await shared.Platform.ReadAsync(answer.AcceptedId())).Message();
        return ([.. message.Headers.Select(static header => header.Field), .. message.BodyParts.SelectMany(static part => part.Headers).Select(static header => header.Field)], answer);
    }
}
