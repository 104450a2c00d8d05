using System.Buffers;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// The octets of BDAT as a byte machine: writes them to a <see cref="MessageBuffer"/> as they are, wherever chunks and segments are
/// cut; a dot means nothing.
/// <code>
///   state    octet      next      message
///   InLine   CR         Cr        kept
///            LF, NUL    InLine    fault
///            other      InLine    kept, found by vectorised search
///   Cr       LF         InLine    kept
///            other      InLine    fault
/// </code>
/// BINARYMIME isn't offered, so a message is lines here too (RFC 3030 §3): what a remote gets by DATA must be what came in. The
/// first fault by position counts, and nothing is kept after it.
/// </summary>
internal struct ChunkDecoder
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(0, (byte)'\r', (byte)'\n');

    private bool _afterCr;

    /// <summary>The first fault, <see cref="DataFault.None"/> while there is none.</summary>
    public DataFault Fault { get; private set; }

    /// <summary>Takes octets that belong to the message.</summary>
    public void Take(in ReadOnlySequence<byte> octets, MessageBuffer output)
    {
        foreach (var segment in octets)
        {
            if (Fault == DataFault.None && !segment.IsEmpty)
            {
                Take(segment.Span, output);
            }
        }
    }

    /// <summary>The message is complete. Its last line gets the CRLF that DATA would have wanted.</summary>
    public void End(MessageBuffer output)
    {
        if (Fault != DataFault.None || output.Received == 0)
        {
            return;
        }

        if (_afterCr)
        {
            Fail(DataFault.BareLineEnd, output);
            return;
        }

        if (!output.EndsLine)
        {
            Keep("\r\n"u8, output);
        }
    }

    private void Take(ReadOnlySpan<byte> octets, MessageBuffer output)
    {
        var (fault, kept) = Check(octets);
        Keep(octets[..kept], output);
        Fail(fault, output);
    }

    /// <returns>What is wrong with the first octet that can't be kept, and how many stand before it.</returns>
    private (DataFault Fault, int Kept) Check(ReadOnlySpan<byte> octets)
    {
        var i = 0;
        while (i < octets.Length)
        {
            if (_afterCr)
            {
                if (octets[i] != '\n')
                {
                    return (DataFault.BareLineEnd, i);
                }

                _afterCr = false;
                i++;
                continue;
            }

            var run = octets[i..].IndexOfAny(Special);
            if (run < 0)
            {
                break;
            }

            i += run;
            if (octets[i] != '\r')
            {
                return (octets[i] == 0 ? DataFault.Nul : DataFault.BareLineEnd, i);
            }

            _afterCr = true;
            i++;
        }

        return (DataFault.None, octets.Length);
    }

    private void Keep(ReadOnlySpan<byte> octets, MessageBuffer output)
    {
        if (!octets.IsEmpty)
        {
            Fail(output.Append(octets), output);
        }
    }

    private void Fail(DataFault fault, MessageBuffer output)
    {
        if (Fault == DataFault.None && fault != DataFault.None)
        {
            Fault = fault;
            output.Dispose();
        }
    }
}
