using MailPace.Contracts;

namespace MailPace.Storage.History;

/// <summary>Recipients of one day's emails that are in one state.</summary>
public sealed record StateCount
{
    /// <summary>First moment of the day.</summary>
    public required DateTimeOffset Day { get; init; }

    public required RecipientState State { get; init; }

    public required long Recipients { get; init; }
}
