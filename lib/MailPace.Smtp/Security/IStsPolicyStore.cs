namespace MailPace.Smtp.Security;

/// <summary>
/// Where fetched policies outlive the process: the standard's protection begins with the second mail to a domain, and must not begin anew with
/// every start. It may fail; then only the process remembers.
/// </summary>
public interface IStsPolicyStore
{
    Task<StsEntry?> FindAsync(string domain, CancellationToken cancellationToken);

    Task SaveAsync(string domain, StsEntry entry, TimeSpan maxAge, CancellationToken cancellationToken);
}
