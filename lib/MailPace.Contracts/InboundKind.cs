namespace MailPace.Contracts;

/// <summary>To what kind of address of ours a message came.</summary>
public enum InboundKind
{
    /// <summary>To a return-path whose code is right.</summary>
    Bounce,

    /// <summary>To an address that receivers' feedback loops were given.</summary>
    FeedbackReport,

    /// <summary>To an inbound domain of a customer.</summary>
    Mail,
}
