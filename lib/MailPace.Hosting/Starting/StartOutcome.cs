namespace MailPace.Hosting.Starting;

/// <summary>Why a process that had begun to run stopped itself; empty while nothing is wrong.</summary>
internal sealed class StartOutcome
{
    private volatile IReadOnlyList<string> reasons = [];

    public IReadOnlyList<string> Reasons => reasons;

    public void Fail(IReadOnlyList<string> why) => reasons = why;
}
