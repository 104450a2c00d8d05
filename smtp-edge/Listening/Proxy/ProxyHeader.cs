using System.Buffers;
using System.Net;

namespace MailPace.SmtpEdge.Listening.Proxy;

/// <summary>
/// A header of HAProxy's PROXY protocol, version 1 or 2, with which a proxy begins a connection:
/// <see href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt"/>.
/// </summary>
/// <param name="Status">Whether there is one.</param>
/// <param name="Length">Its octets, all that belongs to it included; what follows is the client's.</param>
/// <param name="Client">Where the client comes from; absent where the proxy speaks for itself (LOCAL) or doesn't know.</param>
internal readonly record struct ProxyHeader(ProxyHeaderStatus Status, int Length = 0, IPEndPoint? Client = null)
{
    /// <summary>Covers every header of version 1, and of version 2 all that is looked at.</summary>
    private const int Looked = 128;

    /// <summary>Looks at all that has come so far.</summary>
    public static ProxyHeader Parse(in ReadOnlySequence<byte> input)
    {
        Span<byte> start = stackalloc byte[Looked];
        var count = (int)Math.Min(input.Length, Looked);
        input.Slice(0, count).CopyTo(start);
        start = start[..count];
        if (start.IsEmpty)
        {
            return new ProxyHeader(ProxyHeaderStatus.Incomplete);
        }

        var header = start[0] == 'P' ? ProxyHeaderV1.Parse(start) : ProxyHeaderV2.Parse(start);
        return header.Length > input.Length ? new ProxyHeader(ProxyHeaderStatus.Incomplete) : header;
    }
}
