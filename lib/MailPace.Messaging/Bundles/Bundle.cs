using System.Buffers;
using System.Buffers.Binary;

namespace MailPace.Messaging.Bundles;

/// <summary>
/// The payload of MAIL, EVENTS and INBOUND: version (1 octet), count (4), then of each item email id (8), length of the metadata (4), metadata,
/// length of the body (4), body; integers little-endian. At most <see cref="MaximumItems"/> items or <see cref="MaximumBytes"/> octets,
/// but a single item may be larger.
/// </summary>
public static class Bundle
{
    public const byte Version = 1;

    public const int MaximumItems = 128;

    public const int MaximumBytes = 512 * 1024;

    /// <summary>Above this, a MIME message goes to the blob store and the bundle carries its key.</summary>
    public const int MaximumBodyBytes = 256 * 1024;

    internal const int HeaderBytes = 1 + sizeof(int);

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<BundleItem> items)
    {
        var header = output.GetSpan(HeaderBytes);
        header[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], items.Length);
        output.Advance(HeaderBytes);
        foreach (var item in items)
        {
            var id = output.GetSpan(sizeof(long));
            BinaryPrimitives.WriteInt64LittleEndian(id, item.EmailId);
            output.Advance(sizeof(long));
            WritePart(output, item.Metadata.Span);
            WritePart(output, item.Body.Span);
        }
    }

    /// <summary>The items, as slices of <paramref name="payload"/>.</summary>
    /// <exception cref="BundleFormatException">No bundle, cut short, longer than its items, or of an unknown version.</exception>
    public static BundleItem[] Read(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < HeaderBytes)
        {
            throw new BundleFormatException("A bundle has at least five octets.");
        }

        if (payload.Span[0] != Version)
        {
            throw new BundleFormatException($"Bundle version {payload.Span[0]} is unknown; this program reads version {Version}.");
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(payload.Span[1..]);
        if (count is < 0 or > MaximumItems)
        {
            throw new BundleFormatException($"A bundle doesn't hold {count} items.");
        }

        var items = new BundleItem[count];
        var rest = payload[HeaderBytes..];
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < sizeof(long))
            {
                throw new BundleFormatException("The bundle is cut short.");
            }

            var id = BinaryPrimitives.ReadInt64LittleEndian(rest.Span);
            rest = rest[sizeof(long)..];
            var metadata = ReadPart(ref rest);
            items[i] = new BundleItem(id, metadata, ReadPart(ref rest));
        }

        return rest.IsEmpty ? items : throw new BundleFormatException("The bundle is longer than its items.");
    }

    private static void WritePart(IBufferWriter<byte> output, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), part.Length);
        output.Advance(sizeof(int));
        output.Write(part);
    }

    private static ReadOnlyMemory<byte> ReadPart(ref ReadOnlyMemory<byte> rest)
    {
        if (rest.Length < sizeof(int))
        {
            throw new BundleFormatException("The bundle is cut short.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        if (length < 0 || length > rest.Length - sizeof(int))
        {
            throw new BundleFormatException("The bundle is cut short.");
        }

        var part = rest.Slice(sizeof(int), length);
        rest = rest[(sizeof(int) + length)..];
        return part;
    }
}
