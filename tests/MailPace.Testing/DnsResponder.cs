using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPace.Testing;

/// <summary>An authoritative DNS server of a few records (RFC 1035 §4) over UDP on loopback.</summary>
public sealed class DnsResponder : IAsyncDisposable
{
    private const int A = 1;
    private const int Cname = 5;
    private const int Mx = 15;
    private const int Txt = 16;
    private const int Aaaa = 28;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Replaced as a whole: records may change while queries come.</summary>
    private ImmutableList<(string Name, int Type, byte[] Data)> _records = [];

    private readonly Dictionary<string, int> _failures = [];
    private readonly HashSet<string> _silent = [];
    private readonly Task _serving;

    public DnsResponder() => _serving = ServeAsync();

    public string EndPoint => _socket.Client.LocalEndPoint!.ToString()!;

    public DnsResponder WithMx(string name, int preference, string exchange)
    {
        _records = _records.Add((name, Mx, [(byte)(preference >> 8), (byte)preference, .. Encode(exchange)]));
        return this;
    }

    public DnsResponder WithAddress(string name, string address)
    {
        var parsed = IPAddress.Parse(address);
        _records = _records.Add((name, parsed.AddressFamily == AddressFamily.InterNetwork ? A : Aaaa, parsed.GetAddressBytes()));
        return this;
    }

    public DnsResponder WithCname(string name, string target)
    {
        _records = _records.Add((name, Cname, Encode(target)));
        return this;
    }

    /// <summary>One record, in strings of at most 255 octets (RFC 1035 §3.3.14).</summary>
    public DnsResponder WithTxt(string name, string text)
    {
        _records = _records.Add((name, Txt, [.. Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(part => (byte[])[(byte)part.Length, .. part])]));
        return this;
    }

    public DnsResponder Without(string name)
    {
        _records = _records.RemoveAll(record => record.Name == name);
        return this;
    }

    /// <summary>Answers with this code, such as 2 (SERVFAIL) or 5 (REFUSED).</summary>
    public DnsResponder Failing(string name, int code)
    {
        _failures[name] = code;
        return this;
    }

    public DnsResponder Silent(string name)
    {
        _silent.Add(name);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var query = await _socket.ReceiveAsync(_stop.Token);
                if (Answer(query.Buffer) is { } answer)
                {
                    await _socket.SendAsync(answer, query.RemoteEndPoint, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private byte[]? Answer(byte[] query)
    {
        var (name, end) = Decode(query, 12);
        var type = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(end));
        if (_silent.Contains(name))
        {
            return null;
        }

        List<(string Name, int Type, byte[] Data)> answers = [];
        var at = name;
        while (_records.Find(record => record.Name == at && record.Type == Cname) is { Data: not null } alias)
        {
            answers.Add(alias);
            at = Decode(alias.Data, 0).Name;
        }

        answers.AddRange(_records.Where(record => record.Name == at && record.Type == type));
        var code = _failures.TryGetValue(name, out var failure) ? failure : _records.Exists(record => record.Name == at) ? 0 : 3;
        var header = new byte[12];
        query.AsSpan(0, 2).CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(0x8580 | code));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), (ushort)(code == 0 ? answers.Count : 0));
        return [.. header, .. query[12..(end + 4)], .. code == 0 ? answers.SelectMany(Encode) : []];
    }

    private static IEnumerable<byte> Encode((string Name, int Type, byte[] Data) record)
        => [.. Encode(record.Name), 0, (byte)record.Type, 0, 1, 0, 0, 0, 60, (byte)(record.Data.Length >> 8), (byte)record.Data.Length, .. record.Data];

    private static byte[] Encode(string name)
        => [.. name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    private static (string Name, int End) Decode(byte[] message, int at)
    {
        List<string> labels = [];
        while (message[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]).ToLowerInvariant());
            at += message[at] + 1;
        }

        return (string.Join('.', labels), at + 1);
    }
}
