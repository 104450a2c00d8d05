namespace MailPace.Deliver.Tests;

/// <summary>One running function for the tests that don't stop it.</summary>
public sealed class RunningFunction : IAsyncLifetime
{
    public DeliverPlatform Platform { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Platform = await DeliverPlatform.PrepareAsync();
        await Platform.StartFunctionAsync();
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
