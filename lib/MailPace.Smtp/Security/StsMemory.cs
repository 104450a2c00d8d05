namespace MailPace.Smtp.Security;

/// <summary>Remembers nothing beyond the process.</summary>
internal sealed class StsMemory : IStsPolicyStore
{
    public Task<StsEntry?> FindAsync(string domain, CancellationToken cancellationToken) => Task.FromResult<StsEntry?>(null);

    public Task SaveAsync(string domain, StsEntry entry, TimeSpan maxAge, CancellationToken cancellationToken) => Task.CompletedTask;
}
