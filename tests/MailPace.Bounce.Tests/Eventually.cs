namespace MailPace.Bounce.Tests;

/// <summary>Waits for what becomes true in another process; there is no event to wait for across PostgreSQL and NATS.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < Limit.TotalMilliseconds;)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"It never came about that {what}.");
    }
}
