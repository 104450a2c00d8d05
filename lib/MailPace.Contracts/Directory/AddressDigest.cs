using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MailPace.Contracts.Directory;

/// <summary>
/// The first half of the SHA-256 of an address in lower case. Addresses don't stand in the directory: they are personal data, and a
/// million of them would take ten times the memory.
/// </summary>
public static class AddressDigest
{
    public const int Bytes = 16;

    private const int LongestOnStack = 512;

    public static UInt128 Of(string address)
    {
        Span<char> lower = address.Length <= LongestOnStack ? stackalloc char[address.Length] : new char[address.Length];
        address.AsSpan().ToLowerInvariant(lower);
        var most = Encoding.UTF8.GetMaxByteCount(lower.Length);
        Span<byte> octets = most <= LongestOnStack ? stackalloc byte[most] : new byte[most];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets[..Encoding.UTF8.GetBytes(lower, octets)], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
