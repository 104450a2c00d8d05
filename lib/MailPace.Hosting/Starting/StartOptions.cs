namespace MailPace.Hosting.Starting;

public sealed class StartOptions
{
    public const string SectionName = "Start";

    /// <summary>Apply missing migrations when PostgreSQL first answers; safe from several processes. Default: false.</summary>
    public bool Migrate { get; set; }
}
