namespace MailPace.Testing;

/// <summary>
/// A migrated database with the demo organisation, and the secrets that belong to it, made once and copied for each platform that begins
/// with it: to make one costs a second of initdb and the start of two processes.
/// </summary>
public sealed class PlatformSeed : IDisposable
{
    private readonly TestDirectory _directory = TestDirectory.Create();

    private PlatformSeed()
    {
    }

    /// <summary>Template for <see cref="PostgresServer.StartAsync"/>; the database in it is <see cref="Database"/>.</summary>
    public string Data { get; private set; } = "";

    public string Database => "db1";

    internal string Secrets => _directory.Combine("secrets");

    internal string Facts { get; private set; } = "";

    public static async Task<PlatformSeed> CreateAsync()
    {
        var seed = new PlatformSeed();
        try
        {
            await seed.MakeAsync();
            return seed;
        }
        catch
        {
            seed.Dispose();
            throw;
        }
    }

    public void Dispose() => _directory.Dispose();

    private async Task MakeAsync()
    {
        await using var nats = await NatsServer.StartAsync();
        await using var postgres = await PostgresServer.StartAsync(home: _directory.Combine("postgres"));
        await using var platform = await Platform.CreateAsync(Platform.ProgramPath(), nats, await postgres.CreateDatabaseAsync());
        Facts = await platform.SeedAsync();
        Directory.CreateDirectory(Secrets);
        foreach (var secret in Platform.SecretFiles)
        {
            File.Copy(Path.Combine(platform.WorkDirectory, secret), Path.Combine(Secrets, secret));
        }

        await postgres.StopAsync();
        Data = postgres.Data;
    }
}
