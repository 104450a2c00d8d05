namespace MailPace.Hosting.Configuration;

/// <summary>How strictly the names of settings are checked at the start.</summary>
public sealed class SettingNames
{
    /// <summary>
    /// A section that this process doesn't have is a mistake. Default: false, since the parts of a platform that run apart may share
    /// their settings; the names within a known section are checked always.
    /// </summary>
    public bool KnowAllSections { get; set; }
}
