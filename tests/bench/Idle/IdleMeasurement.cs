namespace MailPace.Bench.Idle;

/// <summary>What <c>artifacts/bench/idle-tls.json</c> holds.</summary>
internal sealed record IdleMeasurement
{
    public required int Sessions { get; init; }

    /// <summary>Proportional set size of the process before the sessions.</summary>
    public required double BaseMb { get; init; }

    /// <summary>The same with all of them open.</summary>
    public required double FullMb { get; init; }

    public required double KbPerSession { get; init; }

    /// <summary>From connecting to the greeting, for a new client.</summary>
    public required double GreetingP50Ms { get; init; }

    public required double GreetingMaxMs { get; init; }

    /// <summary>From connecting to the reply to AUTH.</summary>
    public required double LoginP50Ms { get; init; }

    public required double LoginMaxMs { get; init; }
}
