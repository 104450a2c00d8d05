using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Security;
using MailPace.Smtp.Tests.Sinks;

namespace MailPace.Smtp.Tests.Security;

/// <summary>Every branch of the table in docs/tls.md.</summary>
public sealed class PolicyTableTests(PolicyWorld world) : IClassFixture<PolicyWorld>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ee")]
    [InlineData("ee-whole")]
    [InlineData("ee-sha512")]
    [InlineData("ee-rollover")]
    [InlineData("ta")]
    [InlineData("ta-whole")]
    [InlineData("ta-domain")]
    [InlineData("unusable")]
    [InlineData("by-alias")]
    public async Task Dane_Met_Delivers(string name)
    {
        var result = await DeliverAsync($"{name}.signed.test");

        Assert.Equal((RecipientState.Delivered, "dane"), (result.Outcomes[0].State, result.TlsPolicy));
        Assert.StartsWith("TLSv1.", result.Tls, StringComparison.Ordinal);
        Assert.Equal((TlsPolicyKind.Tlsa, null), (result.TlsSessions[0].Policy, result.TlsSessions[0].Fault));
    }

    [Theory]
    [InlineData("ee-wrong", TlsFault.ValidationFailure, "4.7.5")]
    [InlineData("ee-weak-alone-matches", TlsFault.ValidationFailure, "4.7.5")]
    [InlineData("ta-other-name", TlsFault.CertificateHostMismatch, "4.7.5")]
    [InlineData("ta-expired", TlsFault.CertificateExpired, "4.7.5")]
    [InlineData("ta-forged", TlsFault.CertificateNotTrusted, "4.7.5")]
    [InlineData("unusable-clear", TlsFault.StartTlsNotSupported, "4.7.10")]
    [InlineData("dane-clear", TlsFault.StartTlsNotSupported, "4.7.10")]
    [InlineData("dane-refusing", TlsFault.StartTlsNotSupported, "4.7.10")]
    [InlineData("dane-garbage", TlsFault.ValidationFailure, "4.7.5")]
    [InlineData("tlsa-fails", TlsFault.DnssecInvalid, "4.7.5")]
    [InlineData("both-dane-bad", TlsFault.ValidationFailure, "4.7.5")]
    public async Task Dane_NotMet_Defers(string name, TlsFault fault, string enhanced)
    {
        var result = await DeliverAsync($"{name}.signed.test");

        Assert.Equal((RecipientState.Deferred, enhanced), (result.Outcomes[0].State, result.Outcomes[0].Reply.Enhanced));
        Assert.Contains("dane", result.Outcomes[0].Reply.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((TlsPolicyKind.Tlsa, fault), (result.TlsSessions[^1].Policy, result.TlsSessions[^1].Fault));
    }

    [Fact]
    public async Task Dane_NotMetByOneHost_IsMetByTheNext()
    {
        var result = await DeliverAsync("second-is-good.signed.test");

        Assert.Equal((RecipientState.Delivered, "ee.signed.test"), (result.Outcomes[0].State, result.RemoteHost));
        Assert.Equal([TlsFault.ValidationFailure, null], result.TlsSessions.Select(session => session.Fault));
    }

    [Fact]
    public async Task Dane_OfAnAlias_IsThatOfItsTarget() => Assert.Equal("real.signed.test", (await DeliverAsync("by-alias.signed.test")).TlsSessions[0].PolicyDomain);

    [Fact]
    public async Task Dane_Met_NeedsNoMtaSts() => Assert.Equal((RecipientState.Delivered, "dane"), Of(await DeliverAsync("both-dane-good.signed.test")));

    [Theory]
    [InlineData("no-tlsa.signed.test")]
    [InlineData("insecure-host.signed.test")]
    [InlineData("wrong-tlsa.plain.test")]
    [InlineData("secure-host.plain.test")]
    public async Task Dane_WithoutDnssecOrRecords_DoesntApply(string domain) => Assert.Equal((RecipientState.Delivered, "opportunistic"), Of(await DeliverAsync(domain)));

    [Fact]
    public async Task Dane_ByAResolverThatDoesntValidate_DoesntApply()
    {
        using var deliverer = world.Deliverer(validates: false);
        Assert.Equal((RecipientState.Delivered, "opportunistic"), Of(await DeliverAsync("ee-wrong.signed.test", deliverer)));
    }

    [Fact]
    public async Task Dane_SwitchedOff_DoesntApply()
    {
        using var deliverer = world.Deliverer(options => options.Dane = false);
        Assert.Equal((RecipientState.Delivered, "opportunistic"), Of(await DeliverAsync("ee-wrong.signed.test", deliverer)));
    }

    [Theory]
    [InlineData("good")]
    [InlineData("wildcard")]
    public async Task MtaSts_Met_Delivers(string name)
    {
        foreach (var mode in (string[])["enforce", "testing"])
        {
            var result = await DeliverAsync($"{mode}-{name}.plain.test");
            Assert.Equal((RecipientState.Delivered, $"mta-sts {mode}"), Of(result));
            var session = Assert.Single(result.TlsSessions);
            Assert.Equal((TlsPolicyKind.Sts, null, "127.0.0.1"), (session.Policy, session.Fault, session.LocalAddress));
            Assert.Contains($"mode: {mode}", session.PolicyStrings);
        }
    }

    [Theory]
    [InlineData("other-host", TlsFault.ValidationFailure)]
    [InlineData("deep", TlsFault.ValidationFailure)]
    [InlineData("untrusted", TlsFault.CertificateNotTrusted)]
    [InlineData("expired", TlsFault.CertificateExpired)]
    [InlineData("other-name", TlsFault.CertificateHostMismatch)]
    [InlineData("clear", TlsFault.StartTlsNotSupported)]
    [InlineData("refusing", TlsFault.StartTlsNotSupported)]
    [InlineData("garbage", TlsFault.ValidationFailure)]
    public async Task MtaSts_NotMet_DefersWhenEnforced_AndIsReportedInTesting(string name, TlsFault fault)
    {
        var enforced = await DeliverAsync($"enforce-{name}.plain.test");
        Assert.Equal((RecipientState.Deferred, fault), (enforced.Outcomes[0].State, enforced.TlsSessions[^1].Fault));
        Assert.Contains("mta-sts", enforced.Outcomes[0].Reply.Text, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("4.7.", enforced.Outcomes[0].Reply.Enhanced, StringComparison.Ordinal);

        var testing = await DeliverAsync($"testing-{name}.plain.test");
        Assert.Equal((RecipientState.Delivered, "mta-sts testing", (TlsFault?)(name == "refusing" ? TlsFault.ValidationFailure : fault)), (testing.Outcomes[0].State, testing.TlsPolicy, testing.TlsSessions[^1].Fault));
    }

    [Fact]
    public async Task MtaSts_HostThatItDoesntName_LeavesItToTheNext()
    {
        var result = await DeliverAsync("second-allowed.plain.test");
        Assert.Equal((RecipientState.Delivered, "enforce-good.plain.test"), (result.Outcomes[0].State, result.RemoteHost));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("two-records")]
    public async Task MtaSts_WithdrawnOrAmbiguous_DoesntApply(string name) => Assert.Equal((RecipientState.Delivered, "opportunistic"), Of(await DeliverAsync($"{name}.plain.test")));

    [Theory]
    [InlineData("redirect", TlsFault.StsPolicyFetchError)]
    [InlineData("not-found", TlsFault.StsPolicyFetchError)]
    [InlineData("huge", TlsFault.StsPolicyFetchError)]
    [InlineData("endless", TlsFault.StsPolicyFetchError)]
    [InlineData("silent", TlsFault.StsPolicyFetchError)]
    [InlineData("private-https", TlsFault.StsPolicyFetchError)]
    [InlineData("html", TlsFault.StsPolicyInvalid)]
    [InlineData("no-policy", TlsFault.StsPolicyInvalid)]
    [InlineData("bad-https", TlsFault.StsWebPkiInvalid)]
    [InlineData("https-other-name", TlsFault.StsWebPkiInvalid)]
    public async Task MtaSts_ThatCantBeHad_IsReported_AndMailGoesOn(string name, TlsFault fault)
    {
        var result = await DeliverAsync($"{name}.plain.test");

        Assert.Equal((RecipientState.Delivered, "opportunistic"), Of(result));
        Assert.Equal((TlsPolicyKind.Sts, fault), (result.TlsSessions[0].Policy, result.TlsSessions[0].Fault));
        Assert.DoesNotContain(world.Policies.Requests, request => request.StartsWith("mta-sts.enforce-good", StringComparison.Ordinal) && name == "redirect" && world.Policies.Requests.Count == 2);
    }

    [Fact]
    public async Task MtaSts_SwitchedOff_DoesntApply()
    {
        using var deliverer = world.Deliverer(options => options.MtaSts = false);
        Assert.Equal((RecipientState.Delivered, "opportunistic"), Of(await DeliverAsync("enforce-clear.plain.test", deliverer)));
    }

    [Theory]
    [InlineData(TlsLevel.Encrypted, "no-tlsa.signed.test", RecipientState.Delivered, "encrypted")]
    [InlineData(TlsLevel.Encrypted, "none.plain.test", RecipientState.Deferred, "encrypted")]
    [InlineData(TlsLevel.Encrypted, "enforce-untrusted.plain.test", RecipientState.Deferred, "mta-sts enforce")]
    [InlineData(TlsLevel.Encrypted, "testing-clear.plain.test", RecipientState.Deferred, "mta-sts testing")]
    [InlineData(TlsLevel.Verified, "testing-untrusted.plain.test", RecipientState.Deferred, "verified")]
    [InlineData(TlsLevel.Verified, "no-tlsa.signed.test", RecipientState.Deferred, "verified")]
    [InlineData(TlsLevel.Verified, "testing-good.plain.test", RecipientState.Delivered, "verified")]
    [InlineData(TlsLevel.Verified, "ee.signed.test", RecipientState.Delivered, "dane")]
    [InlineData(TlsLevel.Opportunistic, "enforce-clear.plain.test", RecipientState.Delivered, "opportunistic")]
    [InlineData(TlsLevel.Opportunistic, "ee-wrong.signed.test", RecipientState.Delivered, "opportunistic")]
    public async Task Configured_IsTheLeast_OrSwitchesPoliciesOff(TlsLevel level, string domain, RecipientState state, string policy)
    {
        using var deliverer = world.Deliverer(options => options.Domains = [new DomainTlsOptions { Domain = "*", Level = TlsLevel.Opportunistic }, new DomainTlsOptions { Domain = ".test", Level = level }]);
        Assert.Equal((state, policy), Of(await DeliverAsync(domain, deliverer)));
    }

    [Theory]
    [InlineData(TlsLevel.Encrypted, "127.0.0.2", RecipientState.Deferred)]
    [InlineData(TlsLevel.Encrypted, "127.0.0.3", RecipientState.Deferred)]
    [InlineData(TlsLevel.Encrypted, "127.0.0.4", RecipientState.Deferred)]
    [InlineData(TlsLevel.Encrypted, "127.0.0.1", RecipientState.Delivered)]
    [InlineData(TlsLevel.Verified, "127.0.0.1", RecipientState.Deferred)]
    public async Task Configured_CountsForSmarthostsToo(TlsLevel level, string address, RecipientState state)
    {
        using var deliverer = world.Deliverer(options => options.Domains = [new DomainTlsOptions { Domain = "example.net", Level = level }]);
        var request = Deliveries.Request(new Route.Fixed(address, world.Port)) with { RecipientDomain = "example.net" };
        Assert.Equal(state, (await deliverer.DeliverAsync(request, Token)).Outcomes[0].State);
    }

    private static (RecipientState State, string? Policy) Of(DeliveryResult result) => (result.Outcomes[0].State, result.TlsPolicy);

    private async Task<DeliveryResult> DeliverAsync(string domain, SmtpDeliverer? deliverer = null)
    {
        using var own = deliverer is null ? world.Deliverer() : null;
        return await (deliverer ?? own!).DeliverAsync(Deliveries.Request(new Route.Mx(domain)), Token);
    }
}
