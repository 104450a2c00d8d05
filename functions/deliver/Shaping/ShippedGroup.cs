namespace MailPace.Deliver.Shaping;

/// <summary>A group of <c>providers.json</c>: where large receivers' own limits are known or felt, values below them to begin with.</summary>
internal sealed record ShippedGroup
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Suffixes { get; init; }

    public required int Connections { get; init; }

    public required int MessagesPerConnection { get; init; }

    public required int Messages { get; init; }

    public required TimeSpan Per { get; init; }
}
