namespace MailPace.Contracts;

public enum EmailEventKind
{
    /// <summary>A delivery attempt ended; <see cref="EmailEvent.Outcomes"/> says how.</summary>
    Attempted,

    /// <summary>An earlier run of this attempt may have reached the remote; the message is sent once more with the same Message-ID.</summary>
    Uncertain,

    /// <summary>The reconciler made the job again from MAIL.</summary>
    Redriven,

    /// <summary>A report came back; <see cref="EmailEvent.Outcomes"/> says for whom. Its <see cref="EmailEvent.Attempt"/> is 0.</summary>
    Reported,
}
