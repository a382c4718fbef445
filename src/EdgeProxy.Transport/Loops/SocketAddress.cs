using System.Buffers.Binary;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Transport.Loops;

/// <summary>Between <see cref="IpEndpoint"/> and the kernel's <c>sockaddr_in</c> and <c>sockaddr_in6</c>.</summary>
public static class SocketAddress
{
    /// <summary>Bytes of the longest form, that of IPv6.</summary>
    public const int MaximumLength = 28;

    /// <summary>Writes the kernel's form; returns its length.</summary>
    public static int Write(IpEndpoint endpoint, Span<byte> destination)
    {
        destination[..MaximumLength].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], endpoint.Port);
        if (endpoint.Address.IsV4)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination, Libc.AF_INET);
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)endpoint.Address.Low);
            return 16;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(destination, Libc.AF_INET6);
        endpoint.Address.WriteBytes(destination[8..]);
        return MaximumLength;
    }

    /// <summary>Reads the kernel's form; another family gives no address.</summary>
    public static IpEndpoint Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt16LittleEndian(source) switch
    {
        Libc.AF_INET => new IpEndpoint(
            IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(source[4..])), BinaryPrimitives.ReadUInt16BigEndian(source[2..])),
        Libc.AF_INET6 => new IpEndpoint(IpAddress.FromBytes(source.Slice(8, 16)), BinaryPrimitives.ReadUInt16BigEndian(source[2..])),
        _ => default,
    };
}
