using MailPace.Contracts;

namespace MailPace.Mail.Bounces;

/// <summary>One recipient of a report. All of it is what a stranger wrote.</summary>
public sealed record ReportedRecipient
{
    /// <summary>The address that the reporting server had: after forwarding, not the one that was sent to.</summary>
    public required string Address { get; init; }

    /// <summary>The address that was sent to, when the report tells it.</summary>
    public string? OriginalAddress { get; init; }

    public required ReportedAction Action { get; init; }

    /// <summary>Code, enhanced code and words of the failure; code 0 when the report has none.</summary>
    public required RemoteReply Reply { get; init; }

    /// <summary>Absent for recipients that were served.</summary>
    public DeliveryFault? Fault { get; init; }

    /// <summary>The server that refused, when the report names it.</summary>
    public string? RemoteHost { get; init; }
}
