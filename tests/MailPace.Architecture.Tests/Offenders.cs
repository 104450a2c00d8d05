namespace MailPace.Architecture.Tests;

internal static class Offenders
{
    /// <summary>Fails with the list of what breaks the rule.</summary>
    public static void None(IEnumerable<string> offenders)
    {
        var all = offenders.ToList();
        Assert.Empty(all);
    }
}
