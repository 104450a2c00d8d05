namespace MailPace.Faults.Ledger;

internal enum ViolationKind
{
    /// <summary>Acknowledged, and it didn't arrive.</summary>
    Lost,

    /// <summary>A copy more than the recorded uncertain attempts explain.</summary>
    Unexplained,

    /// <summary>No final state, or two.</summary>
    State,

    /// <summary>Database, sink and client say different things.</summary>
    Disagreement,

    /// <summary>One submission became two emails.</summary>
    Doubled,

    /// <summary>The platform didn't do what it should during the fault or after it.</summary>
    Conduct,
}
