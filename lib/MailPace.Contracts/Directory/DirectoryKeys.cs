using System.Globalization;
using System.Security.Cryptography;
using System.Text;

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
    public const string SuppressionPrefix = "suppression.";

    /// <param name="secretHash">SHA-256 of the token's secret, lower-case hex.</param>
    public static string Token(string secretHash) => TokenPrefix + secretHash;

    public static string Domain(long domainId) => string.Create(CultureInfo.InvariantCulture, $"{DomainPrefix}{domainId}");

    public static string Organisation(long organisationId) => string.Create(CultureInfo.InvariantCulture, $"{OrganisationPrefix}{organisationId}");

    public static string Dkim(long domainId) => string.Create(CultureInfo.InvariantCulture, $"{DkimPrefix}{domainId}");

    /// <param name="domainId">The domain that doesn't send to the address.</param>
    /// <param name="address">Bare address; compared without case.</param>
    public static string Suppression(long domainId, string address)
        => string.Create(CultureInfo.InvariantCulture, $"{SuppressionPrefix}{domainId}.{Hash(address)}");

    /// <summary>Addresses don't appear in keys: a key may hold few characters only, and addresses are personal data.</summary>
    private static string Hash(string address)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.ToLowerInvariant())));
}
