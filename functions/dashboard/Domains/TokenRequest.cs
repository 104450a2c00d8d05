namespace MailPace.Dashboard.Domains;

internal sealed record TokenRequest
{
    public TokenFields? ApiToken { get; init; }
}
