namespace MailPace.Dashboard.Domains;

/// <summary>What a client says of an API token.</summary>
internal sealed record TokenFields
{
    public string? Name { get; init; }
}
