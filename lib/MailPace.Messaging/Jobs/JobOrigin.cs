namespace MailPace.Messaging.Jobs;

/// <summary>Why a job is published.</summary>
public enum JobOrigin
{
    /// <summary>From a bundle in MAIL.</summary>
    Accepted,

    /// <summary>Made again because JOBS had lost it.</summary>
    Redriven,
}
