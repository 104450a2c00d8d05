using System.Diagnostics.CodeAnalysis;

namespace MailPace.Webhook.Making;

/// <summary>The emails that were accepted last, for the events that follow soon: they spare a question to PostgreSQL. Bounded in bytes; the oldest go first.</summary>
internal sealed class EmailCache
{
    private const long MaxBytes = 64 * 1024 * 1024;
    private const int Overhead = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, EmailFields> _emails = [];
    private readonly Queue<EmailFields> _order = new();
    private long _bytes;

    public void Add(EmailFields email)
    {
        lock (_gate)
        {
            if (!_emails.TryAdd(email.Id, email))
            {
                return;
            }

            _order.Enqueue(email);
            _bytes += email.Members.Length + Overhead;
            while (_bytes > MaxBytes && _order.TryDequeue(out var oldest))
            {
                _emails.Remove(oldest.Id);
                _bytes -= oldest.Members.Length + Overhead;
            }
        }
    }

    public bool TryFind(long id, [NotNullWhen(true)] out EmailFields? email)
    {
        lock (_gate)
        {
            return _emails.TryGetValue(id, out email);
        }
    }
}
