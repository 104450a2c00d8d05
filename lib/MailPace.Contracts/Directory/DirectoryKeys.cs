using System.Globalization;
using System.Security.Cryptography;

namespace MailPace.Contracts.Directory;

/// <summary>
/// Key names in the bucket <c>directory</c>. They stand with the records because both sides compose them:
/// the outbox row is written where PostgreSQL is, the look-up runs where only NATS is.
/// </summary>
public static class DirectoryKeys
{
    public const string TokenPrefix = "token.";
    public const string DomainPrefix = "domain.";
    public const string OrganisationPrefix = "organisation.";
    public const string DkimPrefix = "dkim.";
    public const string InboundPrefix = "inbound.";
    public const string WebhooksPrefix = "webhooks.";

    /// <summary>Entries of <see cref="SuppressionLog"/>: their order in the bucket counts, their keys say nothing.</summary>
    public const string SuppressionPrefix = "suppressions.";

    /// <param name="secretHash">SHA-256 of the token's secret, lower-case hex.</param>
    public static string Token(string secretHash) => TokenPrefix + secretHash;

    public static string Domain(long domainId) => string.Create(CultureInfo.InvariantCulture, $"{DomainPrefix}{domainId}");

    public static string Organisation(long organisationId) => string.Create(CultureInfo.InvariantCulture, $"{OrganisationPrefix}{organisationId}");

    public static string Dkim(long domainId) => string.Create(CultureInfo.InvariantCulture, $"{DkimPrefix}{domainId}");

    /// <param name="host">Inbound host, an A-label in lower case.</param>
    public static string Inbound(string host) => InboundPrefix + host;

    public static string Webhooks(long domainId) => string.Create(CultureInfo.InvariantCulture, $"{WebhooksPrefix}{domainId}");

    public static string NewSuppressions() => SuppressionPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
}
