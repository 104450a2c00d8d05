namespace MailPace.Dashboard.Setup;

/// <summary>What a look at all records of a domain found.</summary>
public sealed record DomainReport(DateTimeOffset CheckedAt, IReadOnlyList<RecordCheck> Checks)
{
    /// <summary>The RSA key is published; null where DNS couldn't tell.</summary>
    public bool? Dkim => Verdict(RecordPurpose.Dkim);

    /// <summary>The return-path's CNAME leads to us; null where DNS couldn't tell.</summary>
    public bool? Advanced => Verdict(RecordPurpose.ReturnPath);

    public RecordCheck? Of(RecordPurpose purpose) => Checks.FirstOrDefault(check => check.Record.Purpose == purpose);

    private bool? Verdict(RecordPurpose purpose)
    {
        var state = Of(purpose)?.State;
        return state == RecordState.Unknown ? null : state == RecordState.Found;
    }
}
