namespace MailPace.Mail.Submission;

/// <summary>What the caller already knows of a message's body.</summary>
public enum BodyKnowledge
{
    /// <summary>Nothing: it's scanned.</summary>
    Unchecked,

    /// <summary>The whole message was found free of bare CR, bare LF and NUL, and of octets above 127.</summary>
    CheckedSevenBit,

    /// <summary>The whole message was found free of bare CR, bare LF and NUL; it holds octets above 127.</summary>
    CheckedEightBit,
}
