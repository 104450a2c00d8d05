using FsCheck.Xunit;
using MailPace.Mail.Addresses;
using MailPace.Mail.ReturnPaths;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.Mail.Tests.ReturnPaths;

public sealed class ReturnPathIssuerTests
{
    private const long MaxId = (1L << 53) - 1;
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    [Property]
    public void TryVerify_WhatWasIssued_SaysSo(long id, ushort job)
    {
        var issuer = new ReturnPathIssuer(Key, time);
        var address = issuer.Issue(id & MaxId, job, "bounces.example");
        Assert.True(EmailAddress.TryParse(address, out _), address);
        Assert.True(issuer.TryVerify(address.ToUpperInvariant(), out var path));
        Assert.Equal(new IssuedReturnPath(id & MaxId, job, new DateOnly(2026, 3, 4)), path);
    }

    [Fact]
    public void TryVerify_AnyCharacterChanged_Refused()
    {
        var issuer = new ReturnPathIssuer(Key, time);
        var address = issuer.Issue(123456789, 2, "bounces.example");
        var local = address.IndexOf('@', StringComparison.Ordinal);
        for (var i = 0; i < local; i++)
        {
            var changed = address.ToCharArray();
            changed[i] = changed[i] == '7' ? '6' : '7';
            Assert.False(issuer.TryVerify(new string(changed), out _), new string(changed));
        }
    }

    [Fact]
    public void TryVerify_OtherKey_Refused()
        => Assert.False(new ReturnPathIssuer(new byte[32], time).TryVerify(new ReturnPathIssuer(Key, time).Issue(1, 0, "b.example"), out _));

    [Fact]
    public void TryVerify_TooOldOrFromTheFuture_Refused()
    {
        var issuer = new ReturnPathIssuer(Key, time);
        var address = issuer.Issue(1, 0, "b.example");
        time.Advance(TimeSpan.FromDays(ReturnPathIssuer.LifetimeDays));
        Assert.True(issuer.TryVerify(address, out _));
        time.Advance(TimeSpan.FromDays(1));
        Assert.False(issuer.TryVerify(address, out _));

        var early = new ReturnPathIssuer(Key, new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(early.TryVerify(address, out _));
    }

    [Property(MaxTest = 1000)]
    public void TryVerify_AnyText_Refused(string? text)
    {
        var issuer = new ReturnPathIssuer(Key, time);
        Assert.False(issuer.TryVerify(text ?? "", out _));
        Assert.False(issuer.TryVerify($"bounces+{text}@b.example", out _));
        Assert.False(issuer.TryVerify($"bounces+1-0-20000-{text}@b.example", out _));
    }
}
