using System.Buffers;
using MailPace.Mail.Submission;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MailPace.Send.Requests;

/// <summary>
/// A request's body in one rented buffer. The buffer grows with what has come, not with what was declared, so that a
/// declared length costs nothing; above the limit reading ends at once. All bodies share a budget: beyond it clients come back later.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);

    private readonly BodyBudget _budget;
    private byte[] _buffer = [];
    private int _length;

    private RequestBody(BodyBudget budget) => _budget = budget;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <returns>The body, or why it isn't taken.</returns>
    public static async ValueTask<(RequestBody? Body, Refusal? Refusal)> ReadAsync(HttpContext context, int limit, BodyBudget budget)
    {
        if (context.Request.ContentLength > limit)
        {
            return (null, Refusal.TooLarge(limit));
        }

        // The server's own limit would cut at another size and with its own words; ours is enforced below.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
        {
            serverLimit.MaxRequestBodySize = null;
        }

        var body = new RequestBody(budget);
        var isKept = false;
        try
        {
            var refusal = await body.FillAsync(context.Request.Body, limit, context.RequestAborted);
            isKept = refusal is null;
            return isKept ? (body, null) : (null, refusal);
        }
        finally
        {
            if (!isKept)
            {
                body.Dispose();
            }
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            _budget.Give(buffer.Length);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<Refusal?> FillAsync(Stream source, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length && !TryGrow())
            {
                return Refusal.NotDurable(ComeBack);
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            _length += read;
            if (_length > limit)
            {
                return Refusal.TooLarge(limit);
            }

            if (read == 0)
            {
                return null;
            }
        }
    }

    private bool TryGrow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, _buffer.Length * 2));
        if (!_budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        var length = _length;
        Bytes.CopyTo(larger);
        Dispose();
        (_buffer, _length) = (larger, length);
        return true;
    }
}
