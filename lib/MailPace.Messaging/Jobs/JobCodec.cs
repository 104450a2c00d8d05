using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using MailPace.Contracts;
using NATS.Client.Core;

namespace MailPace.Messaging.Jobs;

/// <summary>The payload of <c>jobs.deliver</c> and <c>jobs.retry</c>: version (1 octet), length of the facts (4, little-endian), facts as JSON, bytes to send.</summary>
public sealed class JobCodec : INatsSerialize<JobPayload>
{
    public const byte Version = 1;

    private const int HeaderBytes = 1 + sizeof(int);

    public static readonly JobCodec Instance = new();

    /// <exception cref="JobFormatException">No job, or one of an unknown version.</exception>
    public static JobPayload Read(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < HeaderBytes || payload.Span[0] != Version)
        {
            throw new JobFormatException(payload.IsEmpty ? "A job isn't empty." : $"Job version {payload.Span[0]} is unknown; this program reads version {Version}.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(payload.Span[1..]);
        if (length < 0 || length > payload.Length - HeaderBytes)
        {
            throw new JobFormatException("The job is cut short.");
        }

        try
        {
            var job = JsonSerializer.Deserialize(payload.Span.Slice(HeaderBytes, length), ContractsJsonContext.Default.DeliveryJob)
                ?? throw new JobFormatException("The facts of the job are null.");
            return new JobPayload(job, [payload[(HeaderBytes + length)..]]);
        }
        catch (JsonException invalid)
        {
            throw new JobFormatException("The facts of the job are no JSON of a job: " + invalid.Message);
        }
    }

    public void Serialize(IBufferWriter<byte> bufferWriter, JobPayload value)
    {
        var facts = JsonSerializer.SerializeToUtf8Bytes(value.Job, ContractsJsonContext.Default.DeliveryJob);
        var header = bufferWriter.GetSpan(HeaderBytes);
        header[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], facts.Length);
        bufferWriter.Advance(HeaderBytes);
        bufferWriter.Write(facts);
        foreach (var part in value.Content)
        {
            bufferWriter.Write(part.Span);
        }
    }
}
