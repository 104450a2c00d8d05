using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MailPace.SmtpEdge.Tests.Harness;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, int Event, string Text)> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("MailPace.", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((logLevel, eventId.Id, formatter(state, exception)));

    /// <summary>The texts of one event.</summary>
    public IEnumerable<string> Of(int eventId) => Entries.Where(entry => entry.Event == eventId).Select(entry => entry.Text);

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
