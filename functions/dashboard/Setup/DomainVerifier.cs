using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Setup;

/// <summary>Looks at a domain's records now, and lets the domain send or not by what was found. What DNS can't tell changes nothing.</summary>
public sealed class DomainVerifier(DomainChecker checker, Storage.Accounts.Domains domains)
{
    public async Task<(DomainReport Report, DomainVerification Verification, VerificationChange Change)> VerifyAsync(Domain domain, CancellationToken cancellationToken)
    {
        var report = await checker.CheckAsync(domain, cancellationToken);
        var verification = new DomainVerification(
            Dkim: report.Dkim ?? domain.DkimVerified,
            Advanced: report.Advanced ?? domain.AdvancedVerified);
        if (domain.DkimVouched && report.Dkim != true)
        {
            verification = verification with { Dkim = true };
            return (report, verification, await VouchAgainAsync(domain, verification, cancellationToken));
        }

        var change = verification == new DomainVerification(domain.DkimVerified, domain.AdvancedVerified) && !domain.DkimVouched
            ? VerificationChange.Changed
            : await domains.SetVerificationAsync(domain.Id, verification, cancellationToken);
        return (report, change == VerificationChange.VerifiedElsewhere ? verification with { Dkim = false } : verification, change);
    }

    private async Task<VerificationChange> VouchAgainAsync(Domain domain, DomainVerification verification, CancellationToken cancellationToken)
        => verification.Advanced == domain.AdvancedVerified
            ? VerificationChange.Changed
            : await domains.VouchAsync(domain with { AdvancedVerified = verification.Advanced }, cancellationToken);
}
