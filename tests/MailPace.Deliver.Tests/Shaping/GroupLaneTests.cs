using MailPace.Deliver.Shaping;
using Microsoft.Extensions.Time.Testing;

namespace MailPace.Deliver.Tests.Shaping;

public sealed class GroupLaneTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly GroupLane _lane;

    public GroupLaneTests() => _lane = new GroupLane("example.net", TimeSpan.FromMinutes(5), _time, new Random(1));

    public void Dispose() => _lane.Dispose();

    [Fact]
    public async Task Jobs_UpToTheConnections_GoThrough_TheNextWhenOneLeaves()
    {
        Grant(connections: 2);
        var first = await AdmittedAsync();
        await AdmittedAsync();
        var third = EnterAsync();
        Assert.False(third.IsCompleted);

        first.Dispose();

        Assert.IsType<Admission.Admitted>(await third);
    }

    [Fact]
    public async Task Job_ThatFindsNoRoomInTime_IsGivenBack()
    {
        Grant(connections: 1);
        await AdmittedAsync();
        var second = EnterAsync();

        _time.Advance(Patience);

        Assert.IsType<Admission.GivenBack>(await second);
        Assert.True(_lane.TakeUse().IsFull);
    }

    [Fact]
    public async Task JobsOfASlowGroup_AreGivenBackAtOnce_ForTheTimeWhenTheyFit()
    {
        Grant(connections: 1);
        await AdmittedAsync();
        _time.Advance(TimeSpan.FromSeconds(3)); // it takes 3 s already: one job in 2 s is told to come
        var delays = new List<TimeSpan>();
        for (var i = 0; i < 4; i++)
        {
            var entering = EnterAsync();
            Assert.True(entering.IsCompleted);
            delays.Add(Assert.IsType<Admission.GivenBack>(await entering).Delay);
        }

        Assert.Equal([2, 4, 6, 8], delays.Select(delay => (int)Math.Round(delay.TotalSeconds)));
    }

    [Fact]
    public async Task ManyJobs_AreSpreadOverTheLongestDelay()
    {
        Grant(connections: 1);
        await AdmittedAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        Grant(connections: 1);
        var delays = new List<TimeSpan>();
        for (var i = 0; i < 2000; i++)
        {
            delays.Add(Assert.IsType<Admission.GivenBack>(await EnterAsync()).Delay);
        }

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)));
        Assert.InRange(delays.Skip(1000).Average(delay => delay.TotalSeconds), 210, 240);
    }

    [Fact]
    public async Task Rate_IsKept_AlsoWhileJobsWait()
    {
        Grant(connections: 100, rate: 10);
        var begun = 0;
        for (var tick = 0; tick < 1000; tick++)
        {
            _ = EnterAsync().ContinueWith(entered => { if (entered.Result is Admission.Admitted job) { Interlocked.Increment(ref begun); job.Dispose(); } }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _time.Advance(TimeSpan.FromMilliseconds(10));
            if (tick % 300 == 0)
            {
                Grant(connections: 100, rate: 10);
            }
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (Volatile.Read(ref begun) < 95)
        {
            await Task.Delay(10, limit.Token);
        }

        Assert.InRange(begun, 95, 105);
    }

    [Fact]
    public async Task Grant_ThatWasNotRenewed_LetsNobodyIn()
    {
        Grant(connections: 5);
        _time.Advance(TimeSpan.FromSeconds(5));
        var entering = EnterAsync();
        _time.Advance(Patience);
        Assert.IsType<Admission.GivenBack>(await entering);
    }

    [Fact]
    public async Task ProcessWithoutAPart_GivesBackForSeconds_HoweverManyCome()
    {
        for (var i = 0; i < 100; i++)
        {
            var entering = EnterAsync();
            _time.Advance(Patience);
            Assert.InRange(Assert.IsType<Admission.GivenBack>(await entering).Delay, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6));
        }
    }

    [Fact]
    public async Task SuspendedGroup_GivesBackUntilItsEnd()
    {
        var now = _time.GetTimestamp();
        _lane.Grant(new LaneGrant(5, 0, now + (4 * _time.TimestampFrequency), now + (60 * _time.TimestampFrequency), "421 too many"));

        var given = Assert.IsType<Admission.GivenBack>(await EnterAsync());

        Assert.InRange(given.Delay, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(75));
        Assert.Contains("421 too many", given.Reason, StringComparison.Ordinal);
    }

    private void Grant(int connections, double rate = 0)
        => _lane.Grant(new LaneGrant(connections, rate, _time.GetTimestamp() + (4 * _time.TimestampFrequency), long.MinValue, null));

    private Task<Admission> EnterAsync() => _lane.EnterAsync(Patience, TestContext.Current.CancellationToken).AsTask();

    private async Task<Admission.Admitted> AdmittedAsync() => Assert.IsType<Admission.Admitted>(await EnterAsync());
}
