namespace MailPace.Deliver.Tests;

/// <summary>One running function for the tests that don't stop it; it starts with the first of them, which may then be skipped.</summary>
public sealed class RunningFunction : IAsyncDisposable
{
    private readonly Lazy<Task<DeliverPlatform>> _platform = new(StartAsync);

    public Task<DeliverPlatform> PlatformAsync() => _platform.Value;

    public async ValueTask DisposeAsync()
    {
        if (_platform is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _platform.Value).DisposeAsync();
        }
    }

    private static async Task<DeliverPlatform> StartAsync()
    {
        var platform = await DeliverPlatform.PrepareAsync();
        await platform.StartFunctionAsync();
        return platform;
    }
}
