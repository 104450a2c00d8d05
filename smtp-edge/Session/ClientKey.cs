using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace MailPace.SmtpEdge.Session;

/// <summary>What clients and users are counted by: short, of one size, and nothing of a user name can be read from it.</summary>
internal static class ClientKey
{
    /// <summary>The address; of an IPv6 client its /64, since each has one to itself.</summary>
    public static UInt128 Of(EndPoint? client)
    {
        if (client is not IPEndPoint { Address: var address })
        {
            return 0;
        }

        Span<byte> octets = stackalloc byte[16];
        octets.Clear();
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        address.TryWriteBytes(octets, out _);
        var value = BinaryPrimitives.ReadUInt128BigEndian(octets);
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? value >> 64 : value;
    }

    public static UInt128 Of(string userName) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(userName)));
}
