using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using MailPace.SmtpEdge.Listening;
using MailPace.SmtpEdge.Session;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Session;

public sealed class EdgeMetricsTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentBag<string> _seen = [];
    private object? _scope;

    public EdgeMetricsTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == EdgeMetrics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value.ToString(CultureInfo.InvariantCulture), tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, "time", tags));
        _listener.Start();
    }

    [Fact]
    public async Task Message_Accepted_IsCountedInAllItsParts()
    {
        await using var session = new MemorySession(SmtpRole.Submission, secure: true);
        _scope = session.Services.Metrics.Meter;
        await session.AskAsync("EHLO c.example");
        await session.AskAsync(Plain(RecordingIntake.Token));
        await session.AskAsync("MAIL FROM:<a@s.example>");
        await session.AskAsync("RCPT TO:<b@r.example>");
        await session.AskAsync("DATA");
        await session.AskAsync("Subject: x\r\n\r\nx\r\n.");
        await session.AskAsync("QUIT");

        Assert.Contains("authentications 1 outcome=accepted", _seen);
        Assert.Contains("received 20 role=submission", _seen);
        Assert.Contains("replies 1 role=submission class=2 code=235", _seen);
        Assert.Contains("replies 1 role=submission class=3 code=354", _seen);
        Assert.Contains("acceptance.duration time role=submission class=2", _seen);
        Assert.Contains("sessions 1 role=submission tls=TLS1.3 end=quit", _seen);
        Assert.Contains("sessions.active -1 role=submission", _seen);
    }

    [Fact]
    public async Task Auth_Failing_IsCountedByWhatWasWrong()
    {
        await using var session = new MemorySession(SmtpRole.Submission, new SmtpEdgeOptions { MaxAuthenticationFailuresPerAddress = 1, AuthenticationDelay = TimeSpan.Zero }, secure: true);
        _scope = session.Services.Metrics.Meter;
        await session.AskAsync("EHLO c.example");
        await session.AskAsync(Plain("mp_a"));
        await session.AskAsync(Plain("mp_a"));

        Assert.Contains("authentications 1 outcome=unknown", _seen);
        Assert.Contains("authentications 1 outcome=locked_out", _seen);
        Assert.Contains("replies 1 role=submission class=5 code=535", _seen);
    }

    public void Dispose() => _listener.Dispose();

    private static string Plain(string token) => "AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{token}\0{token}"));

    /// <summary>Other tests run at the same time, each with a meter of its own.</summary>
    private void Note(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.Meter != _scope)
        {
            return;
        }

        var labels = string.Concat(tags.ToArray().Select(static tag => $" {tag.Key}={tag.Value}"));
        _seen.Add($"{instrument.Name["mailpace.smtp_edge.".Length..]} {value}{labels}");
    }
}
