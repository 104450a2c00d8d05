using MailPace.Dashboard.Setup;

namespace MailPace.Dashboard.Domains;

/// <summary>What DNS has for a record.</summary>
internal sealed record RecordCheckBody
{
    public required RecordPurpose Purpose { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    /// <summary>What is to be there; null where the domain's owner decides.</summary>
    public string? Expected { get; init; }

    public required RecordState State { get; init; }

    /// <summary>What is there.</summary>
    public required IReadOnlyList<string> Found { get; init; }

    /// <summary>What is missing or wrong, and what it means.</summary>
    public string? Explanation { get; init; }

    public static RecordCheckBody Of(RecordCheck check) => new()
    {
        Purpose = check.Record.Purpose,
        Type = check.Record.Type,
        Name = check.Record.Name,
        Expected = check.Record.Value,
        State = check.State,
        Found = check.Found,
        Explanation = check.Explanation,
    };
}
