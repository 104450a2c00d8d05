namespace MailPace.Storage.Reconciling;

/// <summary>Where a walk over the open jobs stands: the last one seen.</summary>
public readonly record struct OpenJobCursor(DateTimeOffset QuietAt, long EmailId, int JobNumber)
{
    public static OpenJobCursor Start { get; } = new(DateTimeOffset.UnixEpoch, 0, -1);

    public static OpenJobCursor After(OpenJob job) => new(job.QuietAt, job.EmailId, job.JobNumber);
}
