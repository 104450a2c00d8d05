using System.Text;
using MailPace.SmtpEdge.Intake.Inbound;

namespace MailPace.SmtpEdge.Tests.Intake.Inbound;

public sealed class LoopCheckTests
{
    private readonly LoopCheck _check = new("mx.example");

    [Theory]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public void Hops_OverTheLimit_AreALoop(int hops, bool isLoop) => Assert.Equal(isLoop, IsLoop(Times(hops, "Received: from a by b")));

    [Theory]
    [InlineData("ESMTP", 3, false)]
    [InlineData("ESMTP", 4, true)]
    [InlineData("SMTP", 4, true)]
    [InlineData("ESMTPS", 4, true)]
    [InlineData("UTF8SMTPS", 4, true)]
    [InlineData("ESMTPSA", 20, false)]
    public void OwnHops_OverTheLimit_AreALoopUnlessTheyWereSubmissions(string protocol, int hops, bool isLoop) =>
        Assert.Equal(isLoop, IsLoop(Times(hops, $"Received: from a ([192.0.2.1])\r\n\tby mx.example with {protocol} id 0HN.1;\r\n\tTue, 24 Nov 2026 05:00:00 +0000")));

    [Fact]
    public void OtherFieldsAndTheBody_DontCount() =>
        Assert.False(IsLoop(Times(60, "X-Received: from a by b") + "\r\n" + Times(60, "Received: from a by b")));

    [Fact]
    public void MalformedField_BelowTheTrace_HidesNoLoop() => Assert.True(IsLoop(Times(51, "Received: from a by b") + "no colon\r\n"));

    private bool IsLoop(string header) => _check.IsLoop(Encoding.ASCII.GetBytes(header + "\r\nbody\r\n"));

    private static string Times(int count, string field) => string.Concat(Enumerable.Repeat(field + "\r\n", count));
}
