namespace MailPace.Dashboard.Setup;

public enum RecordState
{
    Found,
    Missing,

    /// <summary>There is a record, and it doesn't do.</summary>
    Wrong,

    /// <summary>DNS couldn't tell.</summary>
    Unknown,
}
