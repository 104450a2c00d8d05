using System.Buffers;
using System.Text;
using MailPace.SmtpEdge.Protocol;

namespace MailPace.SmtpEdge.Tests.Protocol;

public sealed class DataDecoderTests
{
    [Theory]
    [InlineData("a\r\n.\r\n", "a\r\n")]
    [InlineData(".\r\n", "")]
    [InlineData("\r\n.\r\n", "\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n")]
    [InlineData("...\r\n.\r\n", "..\r\n")]
    [InlineData(".a\r\n.\r\n", "a\r\n")]
    [InlineData("a.\r\n.\r\n", "a.\r\n")]
    [InlineData("a\r\n. \r\n.\r\n", "a\r\n \r\n")]
    public void Decode_CleanMessage_RemovesStuffedDotsOnly(string input, string expected)
    {
        using var buffer = Buffer();
        var decoder = new DataDecoder();

        Assert.Equal(input.Length, decoder.Decode(Encoding.Latin1.GetBytes(input), buffer));

        Assert.Equal(DataFault.None, decoder.Fault);
        Assert.Equal(expected, Encoding.Latin1.GetString(buffer.Content.Span));
    }

    [Theory]
    [InlineData("a\nb\r\n.\r\n", DataFault.BareLineEnd)]
    [InlineData("a\rb\r\n.\r\n", DataFault.BareLineEnd)]
    [InlineData("a\r\r\n.\r\n", DataFault.BareLineEnd)]
    [InlineData("a\r\n.\rb\r\n.\r\n", DataFault.BareLineEnd)]
    [InlineData("a\r\n.\r\r\n.\r\n", DataFault.BareLineEnd)]
    [InlineData("a\r\n\n.\r\n.\r\n", DataFault.BareLineEnd)]
    [InlineData("a\0b\r\n.\r\n", DataFault.Nul)]
    [InlineData("a\r\n.\0\r\n.\r\n", DataFault.Nul)]
    public void Decode_FaultyMessage_KeepsNothingAndEndsAtTheLegalEnd(string input, object fault)
    {
        using var buffer = Buffer();
        var decoder = new DataDecoder();

        var consumed = decoder.Decode(Encoding.Latin1.GetBytes(input + "QUIT\r\n"), buffer);

        Assert.Equal(input.Length, consumed);
        Assert.Equal((DataFault)fault, decoder.Fault);
        Assert.True(buffer.Content.IsEmpty);
    }

    [Fact]
    public void Decode_AnyOctetsInAnyFragments_AgreesWithTheReference()
    {
        byte[] alphabet = [(byte)'\r', (byte)'\n', (byte)'.', (byte)'a', (byte)'\r', (byte)'\n', (byte)'.', 0];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var input = random.GetItems(alphabet.AsSpan(0, seed % 2 == 0 ? 7 : 8), random.Next(1, 40));
            if (seed % 3 == 0)
            {
                input = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(input).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
            }

            const int Limit = 20;
            var expected = Reference(input, Limit);
            using var buffer = new MessageBuffer(Limit, new MessageLines(Limit, 0), 0, new BufferBudget(long.MaxValue));
            var decoder = new DataDecoder();
            var (first, last) = Cut(input, random);
            var sequence = Sequence(first, last);
            var ended = decoder.Decode(sequence, buffer, out var consumed);
            Assert.Equal(expected.Consumed, sequence.GetOffset(consumed));
            Assert.True(expected.Ended == ended && expected.Fault == decoder.Fault && expected.Text == Encoding.Latin1.GetString(buffer.Content.Span),
                $"seed {seed}: {Convert.ToHexString(input)} expected {expected}, got {ended} {decoder.Fault} {Convert.ToHexString(buffer.Content.Span)}");
        }
    }

    private static MessageBuffer Buffer() => new(1024, new MessageLines(1024, 0), 0, new BufferBudget(long.MaxValue));

    private static (byte[] First, byte[] Last) Cut(byte[] input, Random random)
    {
        var at = random.Next(0, input.Length + 1);
        return (input[..at], input[at..]);
    }

    private static ReadOnlySequence<byte> Sequence(byte[] first, byte[] last)
    {
        var head = new Segment(first, null);
        var tail = new Segment(last, head);
        return new ReadOnlySequence<byte>(head, 0, tail, last.Length);
    }

    /// <summary>The same rules, said an octet at a time and without states.</summary>
    private static (bool Ended, DataFault Fault, string Text, long Consumed) Reference(byte[] input, int limit)
    {
        var text = Encoding.Latin1.GetString(input);
        var found = text.IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        var end = text.StartsWith(".\r\n", StringComparison.Ordinal) ? 0 : found + 2;
        var ended = end == 0 || found >= 0;
        var body = ended ? text[..end] : text;
        var (fault, kept) = Read(body, ended, limit);
        return (ended, fault, kept, ended ? end + 3 : input.Length);
    }

    private static (DataFault Fault, string Text) Read(string body, bool ended, int limit)
    {
        var kept = new StringBuilder();
        for (var i = 0; i < body.Length; i++)
        {
            var lineStart = i == 0 || i >= 2 && body[i - 2] == '\r' && body[i - 1] == '\n';
            if (lineStart && body[i] == '.')
            {
                // Not yet known whether this dot and a CR behind it end the message.
                if (!ended && body[i..] is "." or ".\r")
                {
                    break;
                }

                if (i + 1 < body.Length && body[i + 1] == '\r')
                {
                    return i + 2 < body.Length ? (DataFault.BareLineEnd, "") : (DataFault.None, kept.ToString());
                }

                continue;
            }

            var fault = body[i] switch
            {
                '\0' => DataFault.Nul,
                '\n' when i == 0 || body[i - 1] != '\r' => DataFault.BareLineEnd,
                '\r' when i + 1 < body.Length && body[i + 1] != '\n' => DataFault.BareLineEnd,
                _ => DataFault.None,
            };
            var isSeparateCr = body[i] == '\r' && fault != DataFault.None;
            if (isSeparateCr && kept.Length + 1 > limit)
            {
                return (DataFault.TooLarge, "");
            }

            if (fault != DataFault.None)
            {
                return (fault, "");
            }

            kept.Append(body[i]);
            if (kept.Length > limit)
            {
                return (DataFault.TooLarge, "");
            }
        }

        return (DataFault.None, kept.ToString());
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] octets, Segment? before)
        {
            Memory = octets;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
