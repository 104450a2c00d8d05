namespace MailPace.Deliver.Shaping;

/// <summary>What a group says to a job.</summary>
internal abstract record Admission
{
    private Admission()
    {
    }

    /// <summary>Go on; leave the lane when the conversation is over.</summary>
    public sealed record Admitted(GroupLane Lane, long EnteredAt) : Admission, IDisposable
    {
        public void Dispose() => Lane.Leave(EnteredAt);
    }

    /// <summary>No room before <paramref name="Delay"/> is over, as far as can be told.</summary>
    public sealed record GivenBack(TimeSpan Delay, string Reason) : Admission;
}
