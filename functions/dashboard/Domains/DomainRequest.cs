namespace MailPace.Dashboard.Domains;

internal sealed record DomainRequest
{
    public DomainFields? Domain { get; init; }
}
