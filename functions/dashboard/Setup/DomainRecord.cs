namespace MailPace.Dashboard.Setup;

/// <summary>A DNS record that a domain is to publish.</summary>
/// <param name="Purpose">What it's for.</param>
/// <param name="Type"><c>TXT</c>, <c>CNAME</c> or <c>MX</c>.</param>
/// <param name="Name">Its name, without the last dot.</param>
/// <param name="Value">Its text or target; null where the domain's owner decides.</param>
/// <param name="Required">Nothing is sent without it.</param>
public sealed record DomainRecord(RecordPurpose Purpose, string Type, string Name, string? Value, bool Required);
