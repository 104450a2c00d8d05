using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MailPace.Send.Requests;

/// <summary>
/// A request's body in one rented buffer. The buffer grows with what has come, not with what was declared, so that a
/// declared length costs nothing; above the limit reading ends at once.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private byte[] _buffer;
    private int _length;

    private RequestBody(byte[] buffer) => _buffer = buffer;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <returns>Absent when the body is above the limit.</returns>
    public static async ValueTask<RequestBody?> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit)
        {
            return null;
        }

        // The server's own limit would cut at another size and with its own words; ours is enforced below.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } serverLimit)
        {
            serverLimit.MaxRequestBodySize = null;
        }

        var body = new RequestBody(ArrayPool<byte>.Shared.Rent(FirstBuffer));
        try
        {
            if (await body.FillAsync(context.Request.Body, limit, context.RequestAborted))
            {
                return body;
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        body.Dispose();
        return null;
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<bool> FillAsync(Stream source, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Grow();
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            _length += read;
            if (_length > limit)
            {
                return false;
            }

            if (read == 0)
            {
                return true;
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
