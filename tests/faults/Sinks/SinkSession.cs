using System.Net.Sockets;
using System.Text;

namespace MailPace.Faults.Sinks;

/// <summary>One connection to the sink.</summary>
internal sealed class SinkSession(FaultSink sink, Socket connection)
{
    private readonly List<string> _recipients = [];
    private string _marker = "";
    private string _messageId = "";

    public async Task RunAsync(CancellationToken stopping)
    {
        connection.NoDelay = true;
        using var stream = new NetworkStream(connection, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        try
        {
            await SayAsync(stream, "220 sink.test ESMTP", stopping);
            while (await reader.ReadLineAsync(stopping) is { } line && await TakeAsync(line, stream, reader, stopping))
            {
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or SocketException)
        {
            // The sender was killed, or this program ends: what was stored is noted.
        }
    }

    /// <returns>Whether the session goes on.</returns>
    private async Task<bool> TakeAsync(string line, NetworkStream stream, StreamReader reader, CancellationToken stopping)
    {
        switch (line.Split(' ', ':')[0].ToUpperInvariant())
        {
            case "EHLO":
                await SayAsync(stream, "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES", stopping);
                return true;
            case "MAIL":
                _recipients.Clear();
                await SayAsync(stream, "250 2.1.0 Ok", stopping);
                return true;
            case "RCPT":
                await SayAsync(stream, AnswerRecipient(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]), stopping);
                return true;
            case "DATA" when _recipients.Count == 0:
                await SayAsync(stream, "554 5.5.1 No valid recipients", stopping);
                return true;
            case "DATA":
                await SayAsync(stream, "354 Go on", stopping);
                return await ReadMessageAsync(reader, stopping) && await AnswerMessageAsync(stream, stopping);
            case "QUIT":
                await SayAsync(stream, "221 2.0.0 Bye", stopping);
                return false;
            default:
                await SayAsync(stream, "250 2.0.0 Ok", stopping);
                return true;
        }
    }

    private string AnswerRecipient(string address)
    {
        if (address.StartsWith(FaultSink.RefusedPrefix, StringComparison.Ordinal))
        {
            // The marker stands in the address, since no message follows.
            sink.Store.Refused(address[FaultSink.RefusedPrefix.Length..address.IndexOf('@', StringComparison.Ordinal)], address);
            return "550 5.1.1 No such user";
        }

        if (sink.Happens(sink.Manners.DeferRecipient))
        {
            return "450 4.2.1 Later";
        }

        _recipients.Add(address);
        return "250 2.1.5 Ok";
    }

    /// <returns>Whether the final dot came.</returns>
    private async Task<bool> ReadMessageAsync(StreamReader reader, CancellationToken stopping)
    {
        var inHeader = true;
        while (await reader.ReadLineAsync(stopping) is { } line)
        {
            if (line == ".")
            {
                return true;
            }

            inHeader &= line.Length > 0;
            if (inHeader)
            {
                _marker = FieldOf(line, "Subject:") ?? _marker;
                _messageId = FieldOf(line, "Message-ID:") ?? _messageId;
            }
        }

        return false;
    }

    private async Task<bool> AnswerMessageAsync(NetworkStream stream, CancellationToken stopping)
    {
        var manners = sink.Manners;
        if (sink.Happens(manners.DeferMessage))
        {
            await SayAsync(stream, "451 4.3.2 Later", stopping);
            return true;
        }

        foreach (var recipient in _recipients)
        {
            sink.Store.Stored(_marker, _messageId, recipient);
        }

        if (sink.Happens(manners.Delay))
        {
            await Task.Delay(sink.Below(300), stopping);
        }

        if (sink.Happens(manners.DropFinalReply))
        {
            return false;
        }

        // Noted first: from here on the sender may have it.
        foreach (var recipient in _recipients)
        {
            sink.Store.Answered(_marker, recipient);
        }

        await SayAsync(stream, "250 2.0.0 Stored", stopping);
        return true;
    }

    private static string? FieldOf(string line, string name)
        => line.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? line[name.Length..].Trim() : null;

    private static async Task SayAsync(NetworkStream stream, string reply, CancellationToken stopping)
        => await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), stopping);
}
