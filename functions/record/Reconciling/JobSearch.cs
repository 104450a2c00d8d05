using System.Collections.Concurrent;
using MailPace.Messaging.Jobs;
using MailPace.Storage.Reconciling;

namespace MailPace.Record.Reconciling;

/// <summary>Looks for jobs in JOBS by subject, many at a time.</summary>
internal static class JobSearch
{
    private const int Parallelism = 16;

    /// <summary>Of these jobs the ones that JOBS holds in no form: neither to deliver, nor scheduled, nor to be made again.</summary>
    public static async Task<IReadOnlyList<OpenJob>> MissingAsync(this JobInspector inspector, IReadOnlyCollection<OpenJob> jobs, CancellationToken cancellationToken)
    {
        var missing = new ConcurrentBag<OpenJob>();
        await Parallel.ForEachAsync(
            jobs,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (job, token) =>
            {
                if (!await inspector.HoldsAnyAsync(job.EmailId, job.JobNumber, token))
                {
                    missing.Add(job);
                }
            });
        return [.. missing.OrderBy(static job => (job.QuietAt, job.EmailId, job.JobNumber))];
    }
}
