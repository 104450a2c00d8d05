using MailPace.Contracts.Shaping;
using MailPace.Deliver.Shaping;

namespace MailPace.Deliver.Tests.Shaping;

public sealed class LeaseRenewalTests
{
    private static readonly GroupLimits Limits = new(20, 100, 100);

    [Fact]
    public void FirstProcess_GetsAll()
    {
        var renewed = Renew(new GroupState(), "a");
        Assert.Equal((20, 100), (renewed.Connections, renewed.Rate));
    }

    [Fact]
    public void LaterProcess_WaitsUntilTheFirstHasRenewed()
    {
        var state = Renew(new GroupState(), "a").State;

        var tooEarly = Renew(state, "b");
        Assert.Equal(0, tooEarly.Connections);
        var first = Renew(tooEarly.State, "a");
        Assert.Equal((10, 50), (first.Connections, first.Rate));
        var second = Renew(first.State, "b");
        Assert.Equal((10, 50), (second.Connections, second.Rate));
    }

    [Fact]
    public void OpenConnections_CountUntilTheyAreClosed()
    {
        var state = Renew(Renew(new GroupState(), "a").State, "b").State;
        var first = Renew(state, "a", open: 17);
        Assert.Equal(10, first.Connections);
        Assert.Equal(3, Renew(first.State, "b").Connections);
    }

    [Fact]
    public void ProcessThatIsGone_LeavesItsPart()
    {
        var state = Renew(Renew(new GroupState(), "a").State, "b").State;
        var renewed = LeaseRenewal.Renew(state, Wanted("b"), 0, Limits, lease => lease.Process != "a");
        Assert.Equal((20, 100), (renewed.Connections, renewed.Rate));
        Assert.Single(renewed.State.Leases);
    }

    [Fact]
    public void SlowGroup_GetsItsPaceOfTheLimits_AndOneConnectionAtLeast()
    {
        Assert.Equal((10, 50), (Renew(new GroupState { Pace = 0.5 }, "a").Connections, Renew(new GroupState { Pace = 0.5 }, "a").Rate));
        Assert.Equal(1, Renew(new GroupState { Pace = 0.01 }, "a").Connections);
    }

    [Fact]
    public void AnyOrderOfRenewals_NeverGivesMoreThanTheLimits()
    {
        var random = new Random(1);
        var state = new GroupState();
        var granted = new Dictionary<string, RenewedLease>();
        for (var step = 0; step < 2000; step++)
        {
            var process = "p" + random.Next(7);
            var wanted = Wanted(process) with { WantedConnections = random.Next(1, 21), WantedRate = random.Next(1, 101) };
            var renewed = LeaseRenewal.Renew(state, wanted, random.Next(granted.TryGetValue(process, out var last) ? last.Connections + 1 : 1), Limits, _ => true);
            state = renewed.State;
            granted[process] = renewed;
            Assert.InRange(granted.Values.Sum(each => each.Connections), 0, 20);
            Assert.InRange(granted.Values.Sum(each => each.Rate), 0, 100.0001);
        }
    }

    private static RenewedLease Renew(GroupState state, string process, int open = 0) => LeaseRenewal.Renew(state, Wanted(process), open, Limits, _ => true);

    private static GroupLease Wanted(string process) => new() { Process = process, Beat = 0, Connections = 0, WantedConnections = 20, WantedRate = 100 };
}
