using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace MailPace.Messaging.Publishing;

/// <summary>
/// One publish that ends in an acknowledgement, a refusal of the server, or <see cref="NotDurableException"/> at the deadline.
/// It's repeated under the same <c>Nats-Msg-Id</c>, so that a lost acknowledgement stores nothing twice.
/// </summary>
internal sealed class DurablePublish(INatsJSContext jetStream, PublishOptions options, PublishHealth health, TimeProvider time)
{
    /// <summary>JetStream's "wrong last sequence": a condition of the publish's own isn't met, which says nothing against the server.</summary>
    public const int WrongLastSequence = 10071;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <returns>The server's answer, which may be an error such as a wrong last sequence.</returns>
    public async Task<PubAckResponse> SendAsync<T>(string subject, T value, INatsSerialize<T> serializer, NatsJSPubOpts publishOptions, NatsHeaders? headers)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            NatsResult<PubAckResponse> result;
            using (var limit = new CancellationTokenSource(options.AckTimeout, time))
            {
                try
                {
                    // NATS.Net writes its own headers into the collection: each try gets a fresh one.
                    result = await jetStream.TryPublishAsync(subject, value, serializer, publishOptions, Copy(headers), limit.Token);
                }
                catch (NatsPayloadTooLargeException failure)
                {
                    throw new NotDurableException(failure.Message, failure); // no repeat makes it smaller
                }
                catch (Exception failure) when (failure is OperationCanceledException or NatsException or IOException or TimeoutException)
                {
                    result = new NatsResult<PubAckResponse>(failure);
                }
            }

            if (result.Success)
            {
                Note(subject, result.Value);
                return result.Value;
            }

            if (time.GetElapsedTime(started) + Pause > options.Deadline)
            {
                var reason = $"JetStream gave no acknowledgement for {subject} within {options.Deadline.TotalSeconds:0.#} s.";
                health.Failed(subject, reason);
                throw new NotDurableException(reason, result.Error);
            }

            await Task.Delay(Pause, time);
        }
    }

    /// <exception cref="NotDurableException">The server refused: the stream is full, or its storage failed.</exception>
    public async Task<PubAckResponse> SendOrThrowAsync<T>(string subject, T value, INatsSerialize<T> serializer, NatsJSPubOpts publishOptions, NatsHeaders? headers)
    {
        var answer = await SendAsync(subject, value, serializer, publishOptions, headers);
        return answer.Error is { } error
            ? throw new NotDurableException(Refusal(subject, error))
            : answer;
    }

    public static string Refusal(string subject, ApiError error) => $"JetStream refused {subject}: {error.Description} ({error.ErrCode}).";

    private void Note(string subject, PubAckResponse answer)
    {
        if (answer.Error is null)
        {
            health.Stored(subject);
            return;
        }

        if (answer.Error.ErrCode != WrongLastSequence)
        {
            health.Failed(subject, Refusal(subject, answer.Error));
        }
    }

    private static NatsHeaders? Copy(NatsHeaders? headers)
    {
        if (headers is null)
        {
            return null;
        }

        var copy = new NatsHeaders();
        foreach (var (name, value) in headers)
        {
            copy.Add(name, value);
        }

        return copy;
    }
}
