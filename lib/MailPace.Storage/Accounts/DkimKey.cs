using MailPace.Contracts.Directory;

namespace MailPace.Storage.Accounts;

public sealed record DkimKey
{
    public required long Id { get; init; }

    public required long DomainId { get; init; }

    public required string Selector { get; init; }

    public required DkimAlgorithm Algorithm { get; init; }

    /// <summary>The <c>p=</c> value of the TXT record.</summary>
    public required string PublicKey { get; init; }

    public required string SealedPrivateKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it began to sign; absent while it's prepared.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When it stopped signing; its TXT record stays for mail under way.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    public DkimKeyState State => (ActivatedAt, RetiredAt) switch
    {
        (_, not null) => DkimKeyState.Retired,
        (null, null) => DkimKeyState.Prepared,
        (not null, null) => DkimKeyState.Signing,
    };

    internal DkimKeyEntry ToEntry() => new()
    {
        Selector = Selector,
        Algorithm = Algorithm,
        PublicKey = PublicKey,
        SealedPrivateKey = SealedPrivateKey,
    };
}
