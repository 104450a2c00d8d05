namespace MailPace.SmtpEdge.Protocol;

/// <summary>Why a message is refused while it is read.</summary>
internal enum DataFault
{
    None,

    /// <summary>A CR that no LF follows, or an LF that no CR precedes.</summary>
    BareLineEnd,

    Nul,

    TooLarge,

    HeaderTooLarge,

    LineTooLong,

    /// <summary>All messages that are being read take as much memory as they may.</summary>
    NoRoom,
}
