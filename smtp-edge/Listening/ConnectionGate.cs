using System.Net;
using MailPace.SmtpEdge.Protocol;
using MailPace.SmtpEdge.Session;

namespace MailPace.SmtpEdge.Listening;

/// <summary>Counts sessions, in all and by client address; IPv6 clients count by their /64, since each has one to itself.</summary>
internal sealed class ConnectionGate(int limit, int limitPerAddress)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _byAddress = [];
    private int _count;

    /// <returns>Why the client may not come in; absent when it may, then <see cref="Leave"/> is due at its end.</returns>
    public SmtpReply? Enter(EndPoint? client)
    {
        var key = ClientKey.Of(client);
        lock (_lock)
        {
            if (_count >= limit)
            {
                return Replies.TooManyConnections;
            }

            var ofAddress = _byAddress.GetValueOrDefault(key);
            if (ofAddress >= limitPerAddress)
            {
                return Replies.TooManyFromAddress;
            }

            _byAddress[key] = ofAddress + 1;
            _count++;
            return null;
        }
    }

    public void Leave(EndPoint? client)
    {
        var key = ClientKey.Of(client);
        lock (_lock)
        {
            _count--;
            var left = _byAddress[key] - 1;
            if (left > 0)
            {
                _byAddress[key] = left;
                return;
            }

            _byAddress.Remove(key);
        }
    }
}
