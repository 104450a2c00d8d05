using System.Globalization;
using MailPace.Testing;

namespace MailPace.Faults.Load;

/// <summary>Clients of all kinds at work, until they are told to stop.</summary>
internal sealed class RunningLoad : IAsyncDisposable
{
    private const int KeyedClients = 4;
    private const int UnkeyedClients = 3;
    private const int SmtpClients = 4;

    /// <summary>A client that waits for an answer when the load ends gets so long.</summary>
    private static readonly TimeSpan LastAnswer = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givingUp = new();
    private readonly List<HttpSender> _http = [];
    private readonly Task _clients;

    public RunningLoad(Platform platform, Random random)
    {
        var clients = new List<Task>();
        for (var client = 0; client < KeyedClients + UnkeyedClients; client++)
        {
            var sender = new HttpSender(platform, MakerOf("h", client, client < KeyedClients, random), Ledger);
            _http.Add(sender);
            clients.Add(sender.RunAsync(_stopping.Token, _givingUp.Token));
        }

        for (var client = 0; client < SmtpClients; client++)
        {
            clients.Add(new SmtpSender(platform, MakerOf("s", client, false, random), Ledger).RunAsync(_stopping.Token, _givingUp.Token));
        }

        _clients = Task.WhenAll(clients);
    }

    public ClientLedger Ledger { get; } = new();

    /// <summary>Lets each client finish the email it has in hand.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _givingUp.CancelAfter(LastAnswer);
        await _clients;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _givingUp.CancelAsync();
        await _clients;
        _http.ForEach(static sender => sender.Dispose());
        _stopping.Dispose();
        _givingUp.Dispose();
    }

    private static EmailMaker MakerOf(string kind, int client, bool withKeys, Random random)
        => new(string.Create(CultureInfo.InvariantCulture, $"{kind}{client}"), withKeys, new Random(random.Next()));
}
