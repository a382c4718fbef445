using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace EdgeProxy.Load.Sockets;

/// <summary>An IP address and port in the layout of <c>sockaddr_in</c> and <c>sockaddr_in6</c>.</summary>
internal static class AddressBytes
{
    private const int PortOffset = 2;

    /// <summary>The bytes that <c>bind</c> and <c>connect</c> take.</summary>
    public static byte[] Encode(IPAddress address, int port)
    {
        bool four = address.AddressFamily == AddressFamily.InterNetwork;
        byte[] encoded = new byte[four ? 16 : 28];
        BinaryPrimitives.WriteUInt16LittleEndian(encoded, FamilyOf(address));
        BinaryPrimitives.WriteUInt16BigEndian(encoded.AsSpan(PortOffset), (ushort)port);
        address.TryWriteBytes(encoded.AsSpan(four ? 4 : 8), out _);
        return encoded;
    }

    /// <summary>The port in an encoded address.</summary>
    public static int PortOf(ReadOnlySpan<byte> encoded) => BinaryPrimitives.ReadUInt16BigEndian(encoded[PortOffset..]);

    /// <summary>The system's number for the address family.</summary>
    public static ushort FamilyOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? (ushort)Libc.AddressFamilyInet : (ushort)Libc.AddressFamilyInet6;
}
