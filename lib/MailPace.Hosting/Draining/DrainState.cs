namespace MailPace.Hosting.Draining;

/// <summary>Whether the process was told to stop.</summary>
public sealed class DrainState
{
    private volatile bool draining;

    public bool IsDraining => draining;

    internal void Start() => draining = true;
}
