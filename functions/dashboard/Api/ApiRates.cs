using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MailPace.Dashboard.Api;

/// <summary>Counts each token's requests by the minute, and says in each answer how many are left.</summary>
internal sealed class ApiRates(IOptions<DashboardOptions> options, TimeProvider time) : IEndpointFilter
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, int> counts = [];
    private readonly Lock gate = new();
    private long current = -1;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var limit = options.Value.RequestsPerMinute;
        var (used, reset) = Count(ApiCaller.Of(context.HttpContext.User).TokenId);
        var headers = context.HttpContext.Response.Headers;
        headers["RateLimit-Limit"] = Text(limit);
        headers["RateLimit-Remaining"] = Text(Math.Max(0, limit - used));
        headers["RateLimit-Reset"] = Text(reset);
        if (used <= limit)
        {
            return await next(context);
        }

        headers.RetryAfter = Text(reset);
        return TypedResults.Json(new ErrorBody("You are making requests too quickly"), statusCode: StatusCodes.Status429TooManyRequests);
    }

    private (int Used, int Reset) Count(long tokenId)
    {
        var now = time.GetUtcNow();
        var window = now.Ticks / Window.Ticks;
        if (Interlocked.Read(ref current) != window)
        {
            lock (gate)
            {
                if (current != window)
                {
                    counts.Clear();
                    Interlocked.Exchange(ref current, window);
                }
            }
        }

        var left = new TimeSpan(((window + 1) * Window.Ticks) - now.Ticks);
        return (counts.AddOrUpdate(tokenId, 1, static (_, count) => count + 1), (int)Math.Ceiling(left.TotalSeconds));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
