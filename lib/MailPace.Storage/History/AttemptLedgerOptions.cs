using System.ComponentModel.DataAnnotations;

namespace MailPace.Storage.History;

public sealed class AttemptLedgerOptions
{
    public const string SectionName = "AttemptLedger";

    /// <summary>How long a question waits for the projection to catch up before it answers that it doesn't know. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the cursor is looked at while someone waits. Default 50 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(50);
}
