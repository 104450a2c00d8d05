using MailPace.Testing;

[assembly: AssemblyFixture(typeof(MailPace.Send.Tests.Harness.SharedPlatform))]

namespace MailPace.Send.Tests.Harness;

/// <summary>One server and one platform with default settings for all tests; each test has an account of its own.</summary>
public sealed class SharedPlatform : IAsyncLifetime
{
    private NatsServer? _nats;
    private SendPlatform? _platform;
    private Exception? _skip;

    public NatsServer Nats => _nats ?? throw _skip!;

    public SendPlatform Platform => _platform ?? throw _skip!;

    public async ValueTask InitializeAsync()
    {
        try
        {
            _nats = await NatsServer.StartAsync();
        }
        catch (Exception missing) when (missing is Xunit.Sdk.SkipException)
        {
            // A fixture can't skip; each test that asks for the server does.
            _skip = missing;
            return;
        }

        _platform = await SendPlatform.StartAsync(_nats);
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }

        if (_nats is not null)
        {
            await _nats.DisposeAsync();
        }
    }
}
