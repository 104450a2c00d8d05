using Microsoft.Extensions.Options;

namespace MailPace.Send.Requests;

/// <summary>Bytes that the bodies of all requests under way may take together, so that many large ones at once don't fill memory.</summary>
internal sealed class BodyBudget(IOptions<SendOptions> options)
{
    private readonly long _limit = options.Value.MaxBufferedBytes;
    private long _taken;

    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _taken, count) <= _limit)
        {
            return true;
        }

        Give(count);
        return false;
    }

    public void Give(long count) => Interlocked.Add(ref _taken, -count);
}
