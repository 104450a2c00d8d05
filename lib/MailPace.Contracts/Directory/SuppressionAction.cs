namespace MailPace.Contracts.Directory;

/// <summary>What a change does; the numbers are the log's.</summary>
public enum SuppressionAction
{
    Block = 0,
    Unblock = 1,
    Allow = 2,
    Disallow = 3,
}
