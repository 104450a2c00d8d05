using MailPace.Mail.Submission;
using MailPace.Storage.Accounts;

namespace MailPace.Dashboard.Domains;

/// <summary>An API token.</summary>
internal sealed record TokenBody
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The secret when the token is made; later only its last characters, since nobody keeps it.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static TokenBody Of(ApiToken token, string? secret = null) => new()
    {
        Id = token.Id,
        Name = token.Name,
        Token = secret ?? $"{TokenSecret.Prefix}…{token.Hint}",
        CreatedAt = token.CreatedAt,
    };
}
