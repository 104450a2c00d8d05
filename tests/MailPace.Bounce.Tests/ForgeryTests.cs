using System.Globalization;
using MailPace.Contracts;
using MailPace.Mail.Bounces;
using MailPace.Mail.ReturnPaths;

namespace MailPace.Bounce.Tests;

public sealed class ForgeryTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly IncomingReport Failure = new(ReportKind.DeliveryStatus);

    [Fact]
    public void Of_AMillionForgedReturnPaths_ProveNothing()
    {
        var issuer = new ReturnPathIssuer(new byte[32], TimeProvider.System);
        var proof = new ReturnPathProof(issuer);
        var real = issuer.Issue(42, 0, "bounces.example");
        var day = real.Split('-')[2];
        var random = new Random(1);
        var code = new char[16];
        var proven = 0;
        for (var guess = 0; guess < 1_000_000; guess++)
        {
            random.GetItems(Alphabet.AsSpan(), code);
            var forged = string.Create(CultureInfo.InvariantCulture, $"bounces+{(guess % 2 == 0 ? 42 : guess)}-0-{day}-{new string(code)}@bounces.example");
            proven += proof.Of(To(forged), Failure).Count;
        }

        Assert.Equal(0, proven);
        Assert.Equal(42, Assert.Single(proof.Of(To(real), Failure)).EmailId);
    }

    private static InboundMessage To(string recipient) => new()
    {
        Id = 1,
        Kind = InboundKind.Bounce,
        ReceivedAt = default,
        TransactionId = "T",
        ClientAddress = "192.0.2.1",
        Helo = "h",
        ReversePath = "",
        Recipients = [new InboundRecipient(recipient)],
        Size = 1,
    };
}
