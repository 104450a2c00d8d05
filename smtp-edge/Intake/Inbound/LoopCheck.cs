using System.Text;
using MailPace.Mail.Headers;

namespace MailPace.SmtpEdge.Intake.Inbound;

/// <summary>
/// Whether a message goes in circles (RFC 5321 §6.3): too many servers have had it, or we ourselves more often than forwarding among
/// customers explains. What customers submit passes through us as well, and is told apart by its protocol: it was authenticated.
/// Trace fields stand at the top of a header, so one that is malformed further down doesn't matter.
/// </summary>
internal sealed class LoopCheck(string hostName)
{
    private const int MostHops = 50;
    private const int MostOwnHops = 3;

    private readonly byte[] _own = Encoding.ASCII.GetBytes($"\tby {hostName} with ");

    public bool IsLoop(ReadOnlySpan<byte> message)
    {
        var hops = 0;
        var ownHops = 0;
        var reader = new HeaderReader(message);
        while (reader.TryRead(out var field))
        {
            if (!field.Is(message, "Received"u8))
            {
                continue;
            }

            hops++;
            ownHops += IsOwn(field.RawValue(message)) ? 1 : 0;
        }

        return hops > MostHops || ownHops > MostOwnHops;
    }

    private bool IsOwn(ReadOnlySpan<byte> field)
    {
        var at = field.IndexOf(_own);
        if (at < 0)
        {
            return false;
        }

        // RFC 3848: the protocol of a session with AUTH ends in A.
        var protocol = field[(at + _own.Length)..];
        var end = protocol.IndexOf((byte)' ');
        return end > 0 && protocol[end - 1] != 'A';
    }
}
