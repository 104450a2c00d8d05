
namespace MailPace.Send.Tests.Harness;

internal static class Eventually
{
    /// <summary>Asks until it's so, half a minute at most.</summary>
    public static async Task TrueAsync(Func<bool> isSo, string what)
    {
        var token = TestContext.Current.CancellationToken;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"Never came: {what}");
            await Task.Delay(10, token);
        }
    }
}
