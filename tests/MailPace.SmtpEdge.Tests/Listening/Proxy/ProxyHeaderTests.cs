using System.Buffers;
using System.Net;
using System.Text;
using MailPace.SmtpEdge.Listening.Proxy;
using MailPace.SmtpEdge.Tests.Harness;

namespace MailPace.SmtpEdge.Tests.Listening.Proxy;

public sealed class ProxyHeaderTests
{
    public static TheoryData<string, string?> Headers => new()
    {
        { "PROXY TCP4 192.0.2.7 198.51.100.2 40000 25\r\n", "192.0.2.7:40000" },
        { "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535" },
        { "PROXY TCP4 192.0.2.7 198.51.100.2 0 0\r\n", "192.0.2.7:0" },
        { "PROXY TCP6 2001:db8::7 2001:DB8::2 40000 25\r\n", "[2001:db8::7]:40000" },
        { "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
        { "PROXY UNKNOWN\r\n", null },
        { "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", null },
        { ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.V4Addresses), "192.0.2.7:40000" },
        { ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.V4Addresses + "\u0001\0\u0004h2c-" + new string('\u00ff', 3000)), "192.0.2.7:40000" },
        { ProxyHeaders.V2(0x21, 0x21, ProxyHeaders.V6Addresses), "[2001:db8::7]:40000" },
        { ProxyHeaders.V2(0x21, 0x21, ProxyHeaders.V6Addresses + "\u0004\0\u0001x"), "[2001:db8::7]:40000" },
        { ProxyHeaders.V2(0x21, 0x31, new string('/', 216)), null },
        { ProxyHeaders.V2(0x21, 0x00, ""), null },
        { ProxyHeaders.V2(0x20, 0x00, ""), null },
        { ProxyHeaders.V2(0x20, 0x11, ProxyHeaders.V4Addresses), null },
        { ProxyHeaders.V2(0x20, 0xff, "anything"), null },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Parse_Header_IsTheSameHoweverItIsCut(string text, string? client)
    {
        var octets = Encoding.Latin1.GetBytes(text + "EHLO c.example\r\n");
        var expected = new ProxyHeader(ProxyHeaderStatus.Complete, text.Length, client is null ? null : IPEndPoint.Parse(client));
        for (var known = 0; known <= octets.Length; known++)
        {
            var header = ProxyHeader.Parse(new ReadOnlySequence<byte>(octets, 0, known));
            Assert.Equal(known < text.Length ? new ProxyHeader(ProxyHeaderStatus.Incomplete) : expected, header);
        }

        for (var cut = 0; cut <= octets.Length; cut++)
        {
            Assert.Equal(expected, ProxyHeader.Parse(TwoSegments(octets, cut)));
        }
    }

    [Theory]
    [InlineData("EHLO c.example\r\n")]
    [InlineData("\0")]
    [InlineData("PROXX")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("proxy TCP4 192.0.2.7 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP 192.0.2.7 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP4  192.0.2.7 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 40000 25 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 40000\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 040000 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 65536 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 40000 -1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 40000 +25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.07 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP4 192.0.519 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP4 3221225991 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP4 0xc0.0.2.7 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 2001:db8::2 40000 25\r\n")]
    [InlineData("PROXY TCP6 192.0.2.7 198.51.100.2 40000 25\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 2001:db8::2 40000 25\r\n")]
    [InlineData("PROXY TCP6 [2001:db8::7]:9 2001:db8::2 40000 25\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 40000 25\n\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\r\n")]
    public void Parse_WhatIsNoHeader_IsMalformed(string text) =>
        Assert.Equal(ProxyHeaderStatus.Malformed, ProxyHeader.Parse(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text))).Status);

    [Theory]
    [InlineData(0x11, 0x11)] // version 1 in version 2
    [InlineData(0x22, 0x11)] // no command
    [InlineData(0x21, 0x12)] // UDP
    [InlineData(0x21, 0x41)] // no family
    [InlineData(0x21, 0x21)] // shorter than two IPv6 addresses
    [InlineData(0x21, 0x31)] // shorter than two paths
    public void Parse_Version2OfAnotherKind_IsMalformed(int command, int family) =>
        Assert.Equal(ProxyHeaderStatus.Malformed, Parse(ProxyHeaders.V2(command, family, ProxyHeaders.V4Addresses)).Status);

    [Fact]
    public void Parse_LongerThanTaken_SaysSoBeforeItHasCome()
    {
        Assert.Equal(ProxyHeaderStatus.TooLong, Parse("PROXY UNKNOWN " + new string('x', 93)).Status);
        Assert.Equal(ProxyHeaderStatus.TooLong, Parse(ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.V4Addresses + new string('x', 5000))[..16]).Status);
        Assert.Equal(ProxyHeaderStatus.TooLong, Parse(ProxyHeaders.V2(0x20, 0x00, new string('x', 65_535))[..16]).Status);
    }

    [Fact]
    public void Parse_AnyOctets_EndsInOneVerdictThatMoreOctetsDontChange()
    {
        string[] seeds = [.. Headers.Select(row => row.Data.Item1)];
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var octets = Encoding.Latin1.GetBytes(seeds[random.Next(seeds.Length)]);
            for (var i = random.Next(4); i > 0; i--)
            {
                octets[random.Next(Math.Min(octets.Length, 60))] = (byte)random.Next(256);
            }

            var verdict = new ProxyHeader(ProxyHeaderStatus.Incomplete);
            for (var known = 0; known <= octets.Length; known += known < 130 ? 1 : 97)
            {
                var header = ProxyHeader.Parse(new ReadOnlySequence<byte>(octets, 0, known));
                Assert.True(verdict.Status == ProxyHeaderStatus.Incomplete || header == verdict, $"seed {seed}, {known} octets");
                verdict = header;
            }
        }
    }

    private static ProxyHeader Parse(string text) => ProxyHeader.Parse(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text)));

    private static ReadOnlySequence<byte> TwoSegments(byte[] octets, int cut)
    {
        var first = new Segment(octets.AsMemory(0, cut), 0);
        var second = new Segment(octets.AsMemory(cut), cut);
        first.Append(second);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public void Append(Segment next) => Next = next;
    }
}
