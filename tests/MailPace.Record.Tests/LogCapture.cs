using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MailPace.Record.Tests;

/// <summary>Keeps what was logged, so that a test can wait for an event by its id and assert on it.</summary>
internal sealed class LogCapture : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Id, LogLevel Level, string Text)> entries = new();

    public IEnumerable<(int Id, LogLevel Level, string Text)> Entries => entries;

    public int CountOf(int id) => entries.Count(e => e.Id == id);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => entries.Enqueue((eventId.Id, logLevel, formatter(state, exception) + exception));

    public void Dispose()
    {
    }
}
