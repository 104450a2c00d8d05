namespace MailPace.Mail.Submission;

/// <summary>Why a submitted message isn't taken as it is.</summary>
public enum MessageFault
{
    None,

    /// <summary>A CR without LF, or an LF without CR: the tools of SMTP smuggling.</summary>
    BareLineBreak,
    Nul,

    /// <summary>A header line is longer than 998 octets, or the header is too large.</summary>
    HeaderTooLong,

    /// <summary>A line of the header is no field: no colon, a space before the colon, a continuation of nothing.</summary>
    HeaderMalformed,

    /// <summary>Octets above 127 in the header that aren't UTF-8 (RFC 6532).</summary>
    HeaderNotUtf8,
    FromMissing,
    FromRepeated,

    /// <summary>Not exactly one address, or in a form that readers disagree about.</summary>
    FromNotParseable,

    /// <summary>Sender names another domain than From.</summary>
    SenderDomainMismatch,

    /// <summary>A field that may stand once (RFC 5322 §3.6) stands twice.</summary>
    FieldRepeated,
}
