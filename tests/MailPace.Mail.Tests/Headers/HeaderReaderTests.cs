using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using MailPace.Mail.Headers;

namespace MailPace.Mail.Tests.Headers;

public sealed class HeaderReaderTests
{
    [Fact]
    public void TryRead_FoldedAndRepeatedFields_AsTheyStand()
    {
        var message = "A: 1\r\nb:\r\n 2\r\n\t3\r\nA:\r\n\r\nbody\r\n"u8;
        var reader = new HeaderReader(message);

        Assert.True(reader.TryRead(out var field));
        Assert.Equal("A", Encoding.ASCII.GetString(field.Name(message)));
        Assert.Equal(" 1", Encoding.ASCII.GetString(field.RawValue(message)));
        Assert.True(reader.TryRead(out field));
        Assert.True(field.Is(message, "B"u8));
        Assert.Equal("\r\n 2\r\n\t3", Encoding.ASCII.GetString(field.RawValue(message)));
        Assert.Equal("b:\r\n 2\r\n\t3\r\n", Encoding.ASCII.GetString(message[field.Range]));
        Assert.True(reader.TryRead(out field));
        Assert.Equal("", Encoding.ASCII.GetString(field.RawValue(message)));
        Assert.False(reader.TryRead(out _));
        Assert.Equal(HeaderFault.None, reader.Fault);
        Assert.Equal("body\r\n", Encoding.ASCII.GetString(message[reader.BodyOffset..]));
    }

    [Theory]
    [InlineData("A: 1", 1, 4)]
    [InlineData("A: 1\r\n", 1, 6)]
    [InlineData("A: 1\r\n\r\n", 1, 8)]
    [InlineData("\r\nx", 0, 2)]
    [InlineData("", 0, 0)]
    public void TryRead_EndOfHeader_BodyOffset(string text, int fields, int bodyOffset)
    {
        var reader = new HeaderReader(Encoding.ASCII.GetBytes(text));
        var count = 0;
        while (reader.TryRead(out _))
        {
            count++;
        }

        Assert.Equal(fields, count);
        Assert.Equal(HeaderFault.None, reader.Fault);
        Assert.Equal(bodyOffset, reader.BodyOffset);
    }

    [Theory]
    [InlineData(" From: a\r\n\r\n", HeaderFault.LeadingWhiteSpace)]
    [InlineData("\tFrom: a\r\n\r\n", HeaderFault.LeadingWhiteSpace)]
    [InlineData("From : a\r\n\r\n", HeaderFault.SpaceBeforeColon)]
    [InlineData("From\t: a\r\n\r\n", HeaderFault.SpaceBeforeColon)]
    [InlineData("From\r\n : a\r\n\r\n", HeaderFault.MissingColon)]
    [InlineData("x\r\n\r\n", HeaderFault.MissingColon)]
    [InlineData(": a\r\n\r\n", HeaderFault.InvalidName)]
    [InlineData("Fr om: a\r\n\r\n", HeaderFault.InvalidName)]
    [InlineData("Fr\u00f6m: a\r\n\r\n", HeaderFault.InvalidName)]
    [InlineData("A: a\nB: b\r\n\r\n", HeaderFault.BareLineFeed)]
    [InlineData("A: a\rB: b\r\n\r\n", HeaderFault.BareCarriageReturn)]
    [InlineData("A: a\r", HeaderFault.BareCarriageReturn)]
    [InlineData("A: a\0\r\n\r\n", HeaderFault.Nul)]
    public void TryRead_Malformed_Fault(string text, HeaderFault fault)
    {
        var reader = new HeaderReader(Encoding.UTF8.GetBytes(text));
        while (reader.TryRead(out _))
        {
        }

        Assert.Equal(fault, reader.Fault);
    }

    [Fact]
    public void TryRead_Limits_Fault()
    {
        Assert.Equal(HeaderFault.None, FaultOf("A: " + new string('x', HeaderReader.MaxLine - 3) + "\r\n"));
        Assert.Equal(HeaderFault.LineTooLong, FaultOf("A: " + new string('x', HeaderReader.MaxLine - 2) + "\r\n"));
        Assert.Equal(HeaderFault.None, FaultOf(string.Concat(Enumerable.Repeat("A: x\r\n", HeaderReader.MaxFields))));
        Assert.Equal(HeaderFault.HeaderTooLong, FaultOf(string.Concat(Enumerable.Repeat("A: x\r\n", HeaderReader.MaxFields + 1))));
        Assert.Equal(HeaderFault.HeaderTooLong, FaultOf("A: x" + string.Concat(Enumerable.Repeat("\r\n " + new string('x', 900), 300)) + "\r\n"));
    }

    /// <summary>What is read tiles the header: no octet is in two fields or in none.</summary>
    [Property(MaxTest = 2000)]
    public Property TryRead_AnyOctets_FieldsTileTheHeader()
    {
        var pieces = Gen.Elements("A", "From", ":", " ", "\t", "\r\n", "\r\n", "\r", "\n", "\0", "x", "é", "\r\n ");
        return Prop.ForAll(pieces.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var message = Encoding.UTF8.GetBytes(text);
            var reader = new HeaderReader(message);
            var end = 0;
            while (reader.TryRead(out var field))
            {
                if (field.Start != end || field.End <= end)
                {
                    return false;
                }

                end = field.End;
            }

            return reader.IsMalformed || reader.BodyOffset == end || (reader.BodyOffset == end + 2 && message.AsSpan(end).StartsWith("\r\n"u8));
        });
    }

    private static HeaderFault FaultOf(string text)
    {
        var reader = new HeaderReader(Encoding.ASCII.GetBytes(text));
        while (reader.TryRead(out _))
        {
        }

        return reader.Fault;
    }
}
