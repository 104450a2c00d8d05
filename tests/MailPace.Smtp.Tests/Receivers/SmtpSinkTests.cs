using System.Globalization;
using MailPace.Contracts;
using MailPace.Smtp.Delivery;
using MailPace.Smtp.Tests.Sinks;
using MailPace.Testing;

namespace MailPace.Smtp.Tests.Receivers;

/// <summary>Postfix's <c>smtp-sink</c> in its hostile modes, and what becomes of a message there.</summary>
public sealed class SmtpSinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", RecipientState.Delivered, false)]
    [InlineData("-8", RecipientState.Delivered, false)]
    [InlineData("-p", RecipientState.Delivered, false)]
    [InlineData("-e", RecipientState.Delivered, false)]
    [InlineData("-8 -p", RecipientState.Delivered, false)]
    [InlineData("-N", RecipientState.Delivered, false)]
    [InlineData("-w 1", RecipientState.Delivered, false)]
    [InlineData("-w 30", RecipientState.Deferred, false)]
    [InlineData("-A 0", RecipientState.Bounced, false)]

    // Hangs up: only behind the dot may the message be there.
    [InlineData("-q connect", RecipientState.Deferred, false)]
    [InlineData("-q ehlo", RecipientState.Deferred, false)]
    [InlineData("-q mail", RecipientState.Deferred, false)]
    [InlineData("-q rcpt", RecipientState.Deferred, false)]
    [InlineData("-q data", RecipientState.Deferred, false)]
    [InlineData("-q .", RecipientState.Deferred, true)]

    // Refuses for now.
    [InlineData("-r connect", RecipientState.Deferred, false)]
    [InlineData("-r ehlo", RecipientState.Deferred, false)]
    [InlineData("-r mail", RecipientState.Deferred, false)]
    [InlineData("-r rcpt", RecipientState.Deferred, false)]
    [InlineData("-r data", RecipientState.Deferred, false)]
    [InlineData("-r .", RecipientState.Deferred, false)]

    // Refuses for good: who refuses us and not the message is tried again (RFC 5321 §3.1).
    [InlineData("-f connect", RecipientState.Deferred, false)]
    [InlineData("-f mail", RecipientState.Bounced, false)]
    [InlineData("-f rcpt", RecipientState.Bounced, false)]
    [InlineData("-f data", RecipientState.Bounced, false)]
    [InlineData("-f .", RecipientState.Bounced, false)]
    public async Task Mode_HasItsOutcome(string mode, RecipientState state, bool isUncertain)
    {
        await using var sink = await SinkProcess.StartAsync(mode);
        using var deliverer = Deliveries.Deliverer(options =>
        {
            // It holds back the replies to what was pipelined along with DATA.
            options.Timeouts.Mail = TimeSpan.FromSeconds(3);
            options.Timeouts.Data = TimeSpan.FromSeconds(3);
            options.Timeouts.EndOfData = TimeSpan.FromSeconds(10);
        });

        var result = await deliverer.DeliverAsync(Deliveries.Request(new Route.Fixed("127.0.0.1", sink.Port), "a@example.net", "b@example.net"), Token);

        Assert.All(result.Outcomes, outcome => Assert.Equal(state, outcome.State));
        Assert.Equal(isUncertain, result.IsUncertain);
    }

    [Theory]
    [InlineData("", RecipientState.Delivered)]
    [InlineData("-8", RecipientState.Bounced)]
    public async Task EightBitMessage_NeedsItsExtension(string mode, RecipientState state)
    {
        await using var sink = await SinkProcess.StartAsync(mode);
        using var deliverer = Deliveries.Deliverer();

        var result = await deliverer.DeliverAsync(Deliveries.Request(new Route.Fixed("127.0.0.1", sink.Port)) with { EightBitMime = true }, Token);

        Assert.Equal(state, result.Outcomes[0].State);
    }

    private sealed class SinkProcess : IAsyncDisposable
    {
        private readonly TestDirectory _directory = TestDirectory.Create();
        private ServerProcess? _process;

        public int Port { get; } = FreePort.Next();

        public static async Task<SinkProcess> StartAsync(string mode)
        {
            var sink = new SinkProcess();
            string[] account = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
            string[] modes = [.. mode.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            var log = sink._directory.Combine("log");
            sink._process = ServerProcess.Start(
                log, null, Tools.Program("smtp-sink"), [.. account, .. modes, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{sink.Port}"), "100"]);
            await FreePort.WaitForListenerAsync(sink.Port, log, sink._process);
            return sink;
        }

        public async ValueTask DisposeAsync()
        {
            if (_process is not null)
            {
                await _process.DisposeAsync();
            }

            _directory.Dispose();
        }
    }
}
