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
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Failure> _failures = new(StringComparer.Ordinal);

    /// <summary>What fails now; null when nothing is known to.</summary>
    public string? Fault => _failures.Values.FirstOrDefault(IsRecent)?.Reason;

    /// <summary>
    /// Why nothing more should be begun for a stream; null when it may. A short interruption is none of that, it is waited out: only when a
    /// publish has failed for good is there reason to refuse at once, as long as there is no connection, else for a moment. After that
    /// somebody has to try.
    /// </summary>
    /// <param name="prefix">How the stream's subjects begin.</param>
    /// <param name="isConnected">Whether the server can be reached now.</param>
    internal string? FaultOf(string prefix, bool isConnected)
    {
        if (_failures.IsEmpty)
        {
            return null;
        }

        foreach (var (stream, failure) in _failures)
        {
            if (stream.StartsWith(prefix, StringComparison.Ordinal) && (!isConnected || time.GetElapsedTime(failure.At) < Moment))
            {
                return failure.Reason;
            }
        }

        return null;
    }

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
