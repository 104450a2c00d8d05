using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MailPace.Smtp.Protocol;
using MailPace.Smtp.Tests.Sinks;

namespace MailPace.Smtp.Tests.Protocol;

public sealed class OutgoingBytesTests
{
    /// <summary>Pieces that make line ends, dots and what lies between them likely, also across the borders of pieces.</summary>
    private static readonly byte[][] Pieces = ["\r"u8.ToArray(), "\n"u8.ToArray(), "\r\n"u8.ToArray(), "."u8.ToArray(), ".."u8.ToArray(), "\r\n."u8.ToArray(), "a"u8.ToArray(), [0xC3, 0xA9], [0]];

    private static readonly byte[][] FitPieces = ["\r\n"u8.ToArray(), "."u8.ToArray(), "\r\n."u8.ToArray(), "\r\n.\r\n"u8.ToArray(), "abc"u8.ToArray(), [0xFF]];

    [Property(MaxTest = 2000)]
    public Property AnyFitBody_InAnyPieces_ArrivesAsItIs() => Prop.ForAll(Bodies(FitPieces), body =>
    {
        var output = new ArrayBufferWriter<byte>();
        var dots = default(DotStuffing);
        foreach (var piece in Cut(body))
        {
            dots.Write(piece, output);
        }

        dots.WriteEnd(output);
        var received = new LineReader(new MemoryStream(output.WrittenSpan.ToArray()), TestContext.Current.CancellationToken).ReadMessageAsync().GetAwaiter().GetResult();
        byte[] expected = body.Length == 0 || body.AsSpan().EndsWith("\r\n"u8) ? body : [.. body, .. "\r\n"u8];
        Assert.Equal(expected, received);
    });

    [Property(MaxTest = 2000)]
    public Property AnyBody_IsFit_OnlyWithoutBareLineEndsAndNul() => Prop.ForAll(Bodies(Pieces), body =>
    {
        var check = default(LineCheck);
        var isFit = true;
        foreach (var piece in Cut(body))
        {
            isFit = isFit && check.IsFit(piece);
        }

        Assert.Equal(IsFitByTheLetter(body), isFit && check.IsFitToEnd);
    });

    private static bool IsFitByTheLetter(byte[] body)
    {
        for (var i = 0; i < body.Length; i++)
        {
            var isBareCr = body[i] == '\r' && (i + 1 == body.Length || body[i + 1] != '\n');
            var isBareLf = body[i] == '\n' && (i == 0 || body[i - 1] != '\r');
            if (isBareCr || isBareLf || body[i] == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static Arbitrary<byte[]> Bodies(byte[][] pieces)
        => Arb.From(Gen.Elements(pieces).ListOf().Select(list => list.SelectMany(piece => piece).ToArray()));

    /// <summary>Cuts by the body's own bytes, so that a failing case repeats.</summary>
    private static IEnumerable<byte[]> Cut(byte[] body)
    {
        var random = new Random(body.Length);
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(body.Length - at, random.Next(1, 4));
            yield return body[at..(at + length)];
            at += length;
        }
    }
}
