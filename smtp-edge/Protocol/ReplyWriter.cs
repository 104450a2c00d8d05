using System.Buffers;
using System.IO.Pipelines;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>Gathers replies; they go out together when the session waits for the client (RFC 2920 §3.2).</summary>
internal sealed class ReplyWriter(PipeWriter writer)
{
    // A client that sends commands and reads no replies may not fill memory with them.
    private const int Most = 16 * 1024;

    private int _gathered;

    public bool IsFull => _gathered >= Most;

    public void Write(SmtpReply reply)
    {
        writer.Write(reply.Octets);
        _gathered += reply.Octets.Length;
    }

    /// <returns>Whether the client can still be written to.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        if (_gathered == 0)
        {
            return true;
        }

        _gathered = 0;
        var result = await writer.FlushAsync().ConfigureAwait(false);
        return result is { IsCompleted: false, IsCanceled: false };
    }
}
