using System.Buffers;

namespace MailPace.SmtpEdge.Protocol;

/// <summary>
/// DATA as a byte machine (RFC 5321 §4.1.1.4, §4.5.2): takes what the client sends, wherever it is cut, removes the
/// stuffed dots and writes the message to a <see cref="MessageBuffer"/>, until CRLF.CRLF.
/// <code>
///   state      octet       next        message
///   LineStart  .           Dot         the dot is dropped
///              other       InLine      as in InLine
///   Dot        CR          DotCr
///              other       InLine      as in InLine
///   DotCr      LF          End
///              other       Cr          fault, as in Cr
///   InLine     CR          Cr          kept
///              LF, NUL     InLine      fault
///              other       InLine      kept, found by vectorised search
///   Cr         LF          LineStart   kept
///              CR          Cr          fault
///              other       InLine      fault, as in InLine
/// </code>
/// The machine never guesses where a faulty message might have ended: it goes on to the one legal end, keeps nothing
/// more, and the first fault by position decides the reply. So what follows a smuggled end is never a command.
/// </summary>
internal struct DataDecoder
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(0, (byte)'\r', (byte)'\n');

    private State _state;

    private enum State
    {
        LineStart,
        Dot,
        DotCr,
        InLine,
        Cr,
        End,
    }

    /// <summary>The first fault, <see cref="DataFault.None"/> while there is none.</summary>
    public DataFault Fault { get; private set; }

    /// <summary>Decodes as much as there is.</summary>
    /// <returns>Whether the end of the message was reached; <paramref name="consumed"/> is then behind it.</returns>
    public bool Decode(in ReadOnlySequence<byte> input, MessageBuffer output, out SequencePosition consumed)
    {
        var position = input.Start;
        var start = position;
        while (input.TryGet(ref position, out var segment))
        {
            var count = Decode(segment.Span, output);
            if (_state == State.End)
            {
                consumed = input.GetPosition(count, start);
                return true;
            }

            start = position;
        }

        consumed = input.End;
        return false;
    }

    /// <summary>Decodes one stretch of octets.</summary>
    /// <returns>How many of them belong to this message: all, unless its end is among them.</returns>
    public int Decode(ReadOnlySpan<byte> input, MessageBuffer output)
    {
        var kept = 0; // where the stretch begins that is not yet in the buffer
        var i = 0;
        while (i < input.Length)
        {
            switch (_state)
            {
                case State.InLine:
                    var run = input[i..].IndexOfAny(Special);
                    if (run < 0)
                    {
                        i = input.Length;
                        break;
                    }

                    i += run;
                    if (input[i] == '\r')
                    {
                        _state = State.Cr;
                    }
                    else
                    {
                        Keep(input[kept..i], output);
                        Fail(input[i] == 0 ? DataFault.Nul : DataFault.BareLineEnd, output);
                        kept = i;
                    }

                    i++;
                    break;

                case State.Cr:
                    if (input[i] == '\n')
                    {
                        _state = State.LineStart;
                        i++;
                        break;
                    }

                    Keep(input[kept..i], output);
                    Fail(DataFault.BareLineEnd, output);
                    kept = i;
                    if (input[i] == '\r')
                    {
                        i++;
                        break;
                    }

                    _state = State.InLine;
                    break;

                case State.LineStart:
                    if (input[i] != '.')
                    {
                        _state = State.InLine;
                        break;
                    }

                    Keep(input[kept..i], output);
                    kept = ++i;
                    _state = State.Dot;
                    break;

                case State.Dot:
                    if (input[i] != '\r')
                    {
                        _state = State.InLine;
                        break;
                    }

                    kept = ++i; // this CR belongs to the end of the message, or to a fault
                    _state = State.DotCr;
                    break;

                case State.DotCr:
                    if (input[i] == '\n')
                    {
                        _state = State.End;
                        return i + 1;
                    }

                    Fail(DataFault.BareLineEnd, output);
                    _state = State.Cr;
                    break;

                case State.End:
                    return 0;
            }
        }

        Keep(input[kept..], output);
        return input.Length;
    }

    private void Keep(ReadOnlySpan<byte> octets, MessageBuffer output)
    {
        if (Fault == DataFault.None && !octets.IsEmpty)
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
