namespace MailPace.Smtp.Resolution;

internal enum DnsAnswerKind
{
    /// <summary>The name exists; there may be no record of the type.</summary>
    Records,

    /// <summary>The name doesn't exist: an answer, and for good.</summary>
    NoSuchName,

    /// <summary>SERVFAIL, a refusal, silence, a failed validation: it says nothing about the name.</summary>
    Unknown,
}
