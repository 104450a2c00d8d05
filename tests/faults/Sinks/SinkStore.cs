using System.Collections.Concurrent;
using MailPace.Faults.Ledger;

namespace MailPace.Faults.Sinks;

/// <summary>What the sink stored and said, per email and recipient.</summary>
internal sealed class SinkStore
{
    private readonly ConcurrentDictionary<(string Marker, string Recipient), Counted> _counted = new();
    private int _copies;

    public int Copies => _copies;

    public void Stored(string marker, string messageId, string recipient)
    {
        Of(marker, recipient).Add(messageId);
        Interlocked.Increment(ref _copies);
    }

    /// <summary>The final 250 leaves.</summary>
    public void Answered(string marker, string recipient) => Interlocked.Increment(ref Of(marker, recipient).Answered);

    public void Refused(string marker, string recipient) => Interlocked.Increment(ref Of(marker, recipient).Refused);

    public IReadOnlyList<SinkRecipient> Read() => [.. _counted.Select(static entry => entry.Value.Read(entry.Key.Marker, entry.Key.Recipient))];

    private Counted Of(string marker, string recipient) => _counted.GetOrAdd((marker, recipient), static _ => new Counted());

    private sealed class Counted
    {
        public int Answered;
        public int Refused;
        private readonly List<string> _copies = [];

        public void Add(string messageId)
        {
            lock (_copies)
            {
                _copies.Add(messageId);
            }
        }

        public SinkRecipient Read(string marker, string recipient)
        {
            lock (_copies)
            {
                return new SinkRecipient { Marker = marker, Recipient = recipient, Copies = [.. _copies], Answered = Answered, Refused = Refused };
            }
        }
    }
}
