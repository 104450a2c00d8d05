using System.Net;
using MailPace.Bench.Measuring;

namespace MailPace.Bench.Systems;

/// <summary>A mail system that was started for one measurement, on a fresh store.</summary>
internal abstract class RunningSystem : IAsyncDisposable
{
    public abstract string Name { get; }

    /// <summary>What is on disk when it answers 250 or 200.</summary>
    public abstract string Durability { get; }

    public abstract IPEndPoint Smtp { get; }

    /// <summary>Where submission needs no TLS; the same port for a system that leaves it to the client.</summary>
    public virtual IPEndPoint ClearSmtp => Smtp;

    /// <summary>Null where the system has no HTTP API.</summary>
    public virtual IPEndPoint? Http => null;

    /// <summary>API token, which is SMTP user and password too; null where submission asks for none.</summary>
    public virtual string? Token => null;

    /// <summary>A domain that it may send for.</summary>
    public abstract string SenderDomain { get; }

    public abstract ProcessTree Processes { get; }

    /// <summary>Messages in its own store, for scenarios without delivery.</summary>
    public abstract Task<int> StoredAsync();

    public abstract ValueTask DisposeAsync();
}
