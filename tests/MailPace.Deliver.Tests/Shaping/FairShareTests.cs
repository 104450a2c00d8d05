using MailPace.Deliver.Shaping;

namespace MailPace.Deliver.Tests.Shaping;

public sealed class FairShareTests
{
    [Theory]
    [InlineData(20, new[] { 20, 20, 20, 20 }, new[] { 5, 5, 5, 5 })]
    [InlineData(20, new[] { 2, 20, 20 }, new[] { 2, 9, 9 })]
    [InlineData(20, new[] { 1, 1 }, new[] { 10, 10 })]
    [InlineData(20, new[] { 20, 1, 1 }, new[] { 18, 1, 1 })]
    [InlineData(2, new[] { 20, 20, 20, 20 }, new[] { 1, 1, 0, 0 })]
    [InlineData(20, new[] { 1 }, new[] { 20 })]
    public void Connections_AreSharedByWhatIsWanted(int total, int[] wanted, int[] shares)
        => Assert.Equal(shares, wanted.Select((_, index) => FairShare.Of(total, wanted, index)));

    [Theory]
    [InlineData(100, new[] { 100.0, 100, 100, 100 }, new[] { 25.0, 25, 25, 25 })]
    [InlineData(100, new[] { 10.0, 100, 100 }, new[] { 10.0, 45, 45 })]
    [InlineData(100, new[] { 10.0, 10 }, new[] { 50.0, 50 })]
    public void Rate_IsSharedByWhatIsWanted(double total, double[] wanted, double[] shares)
        => Assert.Equal(shares, wanted.Select((_, index) => FairShare.Of(total, wanted, index)));
}
