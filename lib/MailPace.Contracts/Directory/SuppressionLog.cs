using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace MailPace.Contracts.Directory;

/// <summary>
/// Changes of the Block and Allow Lists as they stand in the bucket <c>directory</c>: one entry of the bucket carries many, so that an import
/// of a million addresses is some sixty entries. Readers apply them in the bucket's order. A snapshot says all that holds, in several entries
/// one after the other; what is before it may go.
/// </summary>
/// <remarks>
/// Base64 of: version (1 octet), part (1), then groups of action (1), owner (8), count (4), digests (16 each); integers big-endian.
/// </remarks>
public static class SuppressionLog
{
    /// <summary>Digests in one entry: some 350 KB of base64, a third of what NATS takes.</summary>
    public const int MaxDigests = 16_384;

    private const byte Version = 1;
    private const int HeaderBytes = 2;
    private const int GroupBytes = 1 + sizeof(long) + sizeof(int);

    public static string Write(SnapshotPart part, IEnumerable<SuppressionGroup> groups)
    {
        var all = groups.ToList();
        var octets = new byte[HeaderBytes + all.Sum(static group => GroupBytes + (group.Digests.Count * AddressDigest.Bytes))];
        octets[0] = Version;
        octets[1] = (byte)part;
        var rest = octets.AsSpan(HeaderBytes);
        foreach (var group in all)
        {
            rest[0] = (byte)group.Action;
            BinaryPrimitives.WriteInt64BigEndian(rest[1..], group.Owner.Number);
            BinaryPrimitives.WriteInt32BigEndian(rest[(1 + sizeof(long))..], group.Digests.Count);
            rest = rest[GroupBytes..];
            foreach (var digest in group.Digests)
            {
                BinaryPrimitives.WriteUInt128BigEndian(rest, digest);
                rest = rest[AddressDigest.Bytes..];
            }
        }

        return Convert.ToBase64String(octets);
    }

    /// <summary>False for what this version doesn't understand.</summary>
    public static bool TryRead(ReadOnlySpan<byte> base64, out SnapshotPart part, [NotNullWhen(true)] out IReadOnlyList<SuppressionGroup>? groups)
    {
        part = SnapshotPart.None;
        groups = null;
        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, octets, out _, out var length) != System.Buffers.OperationStatus.Done || length < HeaderBytes || octets[0] != Version)
        {
            return false;
        }

        part = (SnapshotPart)octets[1];
        var read = new List<SuppressionGroup>();
        for (var rest = octets.AsSpan(HeaderBytes, length - HeaderBytes); !rest.IsEmpty;)
        {
            if (!TryReadGroup(ref rest, out var group))
            {
                return false;
            }

            read.Add(group);
        }

        groups = read;
        return true;
    }

    private static bool TryReadGroup(ref Span<byte> rest, out SuppressionGroup group)
    {
        group = default;
        if (rest.Length < GroupBytes || rest[0] > (byte)SuppressionAction.Disallow)
        {
            return false;
        }

        var action = (SuppressionAction)rest[0];
        var owner = new ListOwner(BinaryPrimitives.ReadInt64BigEndian(rest[1..]));
        var count = BinaryPrimitives.ReadInt32BigEndian(rest[(1 + sizeof(long))..]);
        rest = rest[GroupBytes..];
        if (count < 0 || count > rest.Length / AddressDigest.Bytes)
        {
            return false;
        }

        var digests = new UInt128[count];
        for (var i = 0; i < count; i++)
        {
            digests[i] = BinaryPrimitives.ReadUInt128BigEndian(rest);
            rest = rest[AddressDigest.Bytes..];
        }

        group = new SuppressionGroup(action, owner, digests);
        return true;
    }
}
