using MailPace.Dashboard.Setup;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Domains;

/// <summary>What a look at the domain's DNS found.</summary>
internal sealed record VerificationBody
{
    public required bool DkimVerified { get; init; }

    /// <summary>MailPace's word for <c>advanced_verified</c> here.</summary>
    public required bool AdvanceVerified { get; init; }

    /// <summary>A sentence for each that isn't verified: <c>dkim</c>, <c>advanced_verified</c>.</summary>
    public required IReadOnlyDictionary<string, string> Errors { get; init; }

    /// <summary>Every record, what was found and what is missing.</summary>
    public required IReadOnlyList<RecordCheckBody> Checks { get; init; }

    public static VerificationBody Of(DomainReport report, DomainVerification verification, VerificationChange change)
    {
        var errors = new Dictionary<string, string>();
        if (!verification.Dkim)
        {
            errors["dkim"] = change == VerificationChange.VerifiedElsewhere ? "Domain is verified by another organization" : "No matching DKIM key found";
        }

        if (!verification.Advanced)
        {
            errors["advanced_verified"] = "No CNAME keys found";
        }

        return new VerificationBody
        {
            DkimVerified = verification.Dkim,
            AdvanceVerified = verification.Advanced,
            Errors = errors,
            Checks = [.. report.Checks.Select(RecordCheckBody.Of)],
        };
    }
}
