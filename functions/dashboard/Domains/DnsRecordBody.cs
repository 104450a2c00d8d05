using MailPace.Dashboard.Setup;

namespace MailPace.Dashboard.Domains;

/// <summary>A DNS record that the domain is to publish.</summary>
internal sealed record DnsRecordBody
{
    public required RecordPurpose Purpose { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    /// <summary>Its text or target; null where the domain's owner decides.</summary>
    public string? Value { get; init; }

    /// <summary>Nothing is sent without it.</summary>
    public required bool Required { get; init; }

    public static DnsRecordBody Of(DomainRecord record) => new()
    {
        Purpose = record.Purpose,
        Type = record.Type,
        Name = record.Name,
        Value = record.Value,
        Required = record.Required,
    };
}
