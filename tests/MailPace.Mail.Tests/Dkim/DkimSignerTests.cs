using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MailPace.Contracts.Directory;
using MailPace.Mail.Dkim;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using DkimSigner = MailPace.Mail.Dkim.DkimSigner;

namespace MailPace.Mail.Tests.Dkim;

/// <summary>MimeKit's verifier is the oracle: it was written by others.</summary>
public sealed class DkimSignerTests
{
    private static readonly DkimKeyPair Rsa = DkimKeyPair.GenerateRsa();
    private static readonly DkimKeyPair Ed25519 = DkimKeyPair.GenerateEd25519();

    [Theory]
    [InlineData("From: a@demo.example\r\nTo: b@x.test\r\nSubject: Hello\r\n\r\nBody\r\n")]
    [InlineData("From: a@demo.example\r\nSubject: no line end\r\n\r\nBody")]
    [InlineData("From: a@demo.example\r\nSubject: trailing lines\r\n\r\nBody \t \r\n\r\n \r\n\r\n")]
    [InlineData("From: a@demo.example\r\nSubject: empty body\r\n\r\n")]
    [InlineData("From: a@demo.example\r\nSubject: only header\r\n")]
    [InlineData("From:   a@demo.example  \r\nSubject: folded\r\n\t over   two\r\n  lines\r\nTo: b@x.test\r\n\r\n  a  b\tc \r\n\r\n\r\nd\r\n")]
    [InlineData("From: a@demo.example\r\nSubject: twice\r\nReceived: one\r\nReceived: two\r\n\r\n \r\n")]
    public async Task Sign_AnyMessage_BothSignaturesVerify(string message)
    {
        using var signer = NewSigner();
        var bytes = Encoding.UTF8.GetBytes(message);
        var signed = (byte[])[.. signer.Sign(bytes), .. bytes];

        await AssertVerifiesAsync(signed);
    }

    [Fact]
    public async Task Sign_StreamedBody_SameAsInMemory()
    {
        using var signer = NewSigner();
        var body = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            body.Append("line ").Append(i).Append(i % 3 == 0 ? "  \t\r\n" : "\r\n").Append(i % 7 == 0 ? "\r\n" : "");
        }

        var message = Encoding.UTF8.GetBytes("From: a@demo.example\r\nSubject: large\r\n\r\n" + body);
        for (var cut = 60; cut < 160; cut += 7)
        {
            var streamed = await signer.SignAsync(message.AsMemory(0, cut), new MemoryStream(message, cut, message.Length - cut), TestContext.Current.CancellationToken);
            Assert.Equal(Encoding.ASCII.GetString(signer.Sign(message)), Encoding.ASCII.GetString(streamed));
        }
    }

    [Theory]
    [InlineData("From: evil@demo.example\r\n")]
    [InlineData("Subject: other\r\n")]
    [InlineData("Reply-To: evil@x.test\r\n")]
    public async Task Sign_FieldAddedLater_SignatureBreaks(string added)
    {
        using var signer = NewSigner();
        var bytes = Encoding.UTF8.GetBytes("From: a@demo.example\r\nSubject: Hello\r\n\r\nBody\r\n");
        var signed = (byte[])[.. Encoding.UTF8.GetBytes(added), .. signer.Sign(bytes), .. bytes];

        var message = await MimeMessage.LoadAsync(new MemoryStream(signed), TestContext.Current.CancellationToken);
        var verifier = new DkimVerifier(new Keys());
        foreach (var header in message.Headers.Where(h => h.Id == HeaderId.DkimSignature))
        {
            Assert.False(await verifier.VerifyAsync(message, header, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Real mails of others with all their oddities, signed once more.</summary>
    [Theory]
    [InlineData("001.txt")]
    [InlineData("002.txt")]
    [InlineData("003.txt")]
    [InlineData("004.txt")]
    [InlineData("005.txt")]
    [InlineData("006.txt")]
    public async Task Sign_MailOfTheVectors_BothSignaturesVerify(string file)
    {
        // The DNS records stand on top, then an empty line, then the mail.
        var text = (await File.ReadAllTextAsync(TestData.Path($"dkim-vectors/{file}"), Encoding.Latin1, TestContext.Current.CancellationToken)).ReplaceLineEndings("\r\n");
        var mail = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].TrimStart('\r', '\n');
        using var signer = NewSigner();
        var bytes = Encoding.Latin1.GetBytes(mail);

        await AssertVerifiesAsync([.. signer.Sign(bytes), .. bytes]);
    }

    [Property(MaxTest = 200)]
    public Property Sign_AnyBody_BothSignaturesVerify()
    {
        var pieces = Gen.Elements("a", "b c", " ", "  ", "\t", "\r\n", "\r\n\r\n", " \r\n", ".", "é", "=");
        return Prop.ForAll(pieces.ArrayOf().Select(string.Concat).ToArbitrary(), body =>
        {
            using var signer = NewSigner();
            var bytes = Encoding.UTF8.GetBytes($"From: a@demo.example\r\nSubject:{body.Replace("\r\n", "", StringComparison.Ordinal)}\r\n\r\n{body}");
            return AssertVerifiesAsync([.. signer.Sign(bytes), .. bytes]);
        });
    }

    [Theory]
    [InlineData(" From: a@demo.example\r\n\r\n")]
    [InlineData("From: a@demo.example\r\nFrom : b@demo.example\r\n\r\n")]
    public void Sign_MalformedHeader_Throws(string message)
    {
        using var signer = NewSigner();
        Assert.Throws<InvalidDataException>(() => signer.Sign(Encoding.UTF8.GetBytes(message)));
    }

    [Fact]
    public void Sign_LongestLine_StaysBelow78Octets()
    {
        using var signer = NewSigner();
        var fields = Encoding.ASCII.GetString(signer.Sign("From: a@demo.example\r\n\r\nx\r\n"u8));

        Assert.All(fields.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
    }

    private static DkimSigner NewSigner() => new(
        "demo.example",
        [new DkimSigningKey("mp1", DkimAlgorithm.RsaSha256, Rsa.Pkcs8), new DkimSigningKey("mp2", DkimAlgorithm.Ed25519Sha256, Ed25519.Pkcs8)],
        new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));

    private static async Task AssertVerifiesAsync(byte[] signed)
    {
        var message = await MimeMessage.LoadAsync(new MemoryStream(signed), TestContext.Current.CancellationToken);
        var headers = message.Headers.Where(h => h.Id == HeaderId.DkimSignature).Take(2).ToList();
        Assert.Equal(2, headers.Count);
        var verifier = new DkimVerifier(new Keys());
        foreach (var header in headers)
        {
            Assert.True(await verifier.VerifyAsync(message, header, TestContext.Current.CancellationToken), header.Value);
        }
    }

    private sealed class Keys : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default)
        {
            Assert.Equal("demo.example", domain);
            return selector == "mp1"
                ? PublicKeyFactory.CreateKey(Convert.FromBase64String(Rsa.PublicKey))
                : new Ed25519PublicKeyParameters(Convert.FromBase64String(Ed25519.PublicKey));
        }

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
