using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace MailPace.Messaging.Publishing;

/// <summary>
/// Whether JetStream keeps what it is given. A server whose disk is full answers all questions and stores nothing, so only a publish tells;
/// and where one has failed nobody should send more. A failure counts until the next success in the same stream, or for a little longer than
/// a publish is tried: with the traffic gone nothing would be published that could succeed.
/// </summary>
public sealed class PublishHealth(IOptions<PublishOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Failure> _failures = new(StringComparer.Ordinal);

    /// <summary>What fails now; null when nothing is known to.</summary>
    public string? Fault => _failures.Values.FirstOrDefault(IsRecent)?.Reason;

    internal void Stored(string subject)
    {
        if (!_failures.IsEmpty)
        {
            _failures.TryRemove(StreamOf(subject), out _);
        }
    }

    internal void Failed(string subject, string reason) => _failures[StreamOf(subject)] = new Failure(time.GetTimestamp(), reason);

    /// <summary>The first two words name the stream; what follows is the message's own.</summary>
    private static string StreamOf(string subject)
    {
        var end = subject.IndexOf('.', subject.IndexOf('.', StringComparison.Ordinal) + 1);
        return end < 0 ? subject : subject[..end];
    }

    private bool IsRecent(Failure failure) => time.GetElapsedTime(failure.At) < options.Value.Deadline + Margin;

    private sealed record Failure(long At, string Reason);
}
