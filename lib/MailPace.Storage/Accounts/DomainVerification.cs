namespace MailPace.Storage.Accounts;

/// <summary>What a look at a domain's DNS found.</summary>
/// <param name="Dkim">The DKIM TXT record publishes our key.</param>
/// <param name="Advanced">The CNAME <c>mailer.&lt;domain&gt;</c> points at our return-path host.</param>
public readonly record struct DomainVerification(bool Dkim, bool Advanced);
