namespace MailPace.Faults.Sinks;

/// <summary>How often the sink does what, as shares of 1.</summary>
internal sealed record SinkManners
{
    public static SinkManners Ordinary { get; } = new() { DropFinalReply = 0.01, DeferMessage = 0.02, DeferRecipient = 0.02, Delay = 0.05 };

    /// <summary>Takes all mail at once; those it refuses for good stay refused.</summary>
    public static SinkManners Calm { get; } = new();

    /// <summary>Stores the message, and closes the connection instead of answering 250.</summary>
    public double DropFinalReply { get; init; }

    /// <summary>Answers 451 to the final dot, and stores nothing.</summary>
    public double DeferMessage { get; init; }

    /// <summary>Answers 450 to RCPT.</summary>
    public double DeferRecipient { get; init; }

    /// <summary>Waits before it answers the final dot.</summary>
    public double Delay { get; init; }
}
