using System.Globalization;
using MailPace.Messaging.Jobs;
using MailPace.Storage.Reconciling;
using NATS.Client.Core;

namespace MailPace.Record.Reconciling;

/// <summary>
/// When JOBS last may have lost something: it was made anew, or the server began anew (JOBS is stored asynchronously). Kept in
/// PostgreSQL, so that a new leader knows what happened while nobody led.
/// </summary>
internal sealed class JobsBirth(JobInspector inspector, ReconcilerMemory memory, NatsConnection connection, TimeProvider time)
{
    private const string JobsCreated = "jobs_created_at";
    private const string Server = "nats_server";
    private const string ServerSeen = "nats_server_seen_at";
    private const string WalkPending = "full_walk_pending";

    /// <summary>The moment that a job's lifetime is counted from at the earliest.</summary>
    public async Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken)
    {
        var created = await inspector.JobsCreatedAsync(cancellationToken);
        if (await memory.ReadAsync(JobsCreated, cancellationToken) is not { } known || known != TextOf(created))
        {
            // The flag first: should the process end in between, the change is found again.
            await memory.WriteAsync(WalkPending, "JOBS was created anew", cancellationToken);
            await memory.WriteAsync(JobsCreated, TextOf(created), cancellationToken);
        }

        var seen = await ReadServerAsync(cancellationToken);
        return seen > created ? seen : created;
    }

    /// <summary>Why a walk at full speed is due; null when none is.</summary>
    public async Task<string?> FullWalkReasonAsync(CancellationToken cancellationToken)
        => await memory.ReadAsync(WalkPending, cancellationToken) is { Length: > 0 } reason ? reason : null;

    public Task FullWalkDoneAsync(CancellationToken cancellationToken) => memory.WriteAsync(WalkPending, "", cancellationToken);

    private async Task<DateTimeOffset> ReadServerAsync(CancellationToken cancellationToken)
    {
        // A server has a new id at each start. On a cluster another member looks like a restart: that costs a walk, no more.
        var id = connection.ServerInfo?.Id ?? "";
        var known = await memory.ReadAsync(Server, cancellationToken);
        if (known != id)
        {
            await memory.WriteAsync(WalkPending, "nats-server began anew", cancellationToken);
            await memory.WriteAsync(ServerSeen, TextOf(time.GetUtcNow()), cancellationToken);
            await memory.WriteAsync(Server, id, cancellationToken);
        }

        return await memory.ReadAsync(ServerSeen, cancellationToken) is { } seen
            ? DateTimeOffset.Parse(seen, CultureInfo.InvariantCulture)
            : DateTimeOffset.UnixEpoch;
    }

    private static string TextOf(DateTimeOffset moment) => moment.ToString("O", CultureInfo.InvariantCulture);
}
