using System.Text;

namespace MailPace.Host.Tests.Tracing;

/// <summary>The fields of a Protocol Buffers message, in order, as its wire format has them.</summary>
internal static class ProtobufReader
{
    public static IEnumerable<ProtobufField> Read(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new ProtobufField(number, Varint(message.Span, ref at), default);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    yield return new ProtobufField(number, 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7} is unknown.");
            }
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var octet = bytes[at++];
            value |= (ulong)(octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return value;
            }
        }
    }
}

internal readonly record struct ProtobufField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);
}
