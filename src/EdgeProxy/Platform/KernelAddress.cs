using EdgeProxy.Core.Text;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Platform;

/// <summary>The kernel's form of addresses.</summary>
internal static class KernelAddress
{
    /// <summary>Where to reach what is bound to a URL: the unspecified address stands for this machine.</summary>
    public static byte[] Of(ListenUrl url)
    {
        IpAddress host = url.Address;
        if (host.IsV4 && (uint)host.Low == 0) host = IpAddress.Loopback;
        else if (host is { High: 0, Low: 0 }) host = new IpAddress(0, 1);

        byte[] address = new byte[SocketAddress.MaximumLength];
        return address[..SocketAddress.Write(new IpEndpoint(host, (ushort)url.Port), address)];
    }

    /// <summary>A Unix socket's address; a leading <c>@</c> means Linux's abstract names. Null when it is too long.</summary>
    public static byte[]? OfUnix(string path)
    {
        byte[] name = System.Text.Encoding.UTF8.GetBytes(path);
        if (name.Length is 0 or > 107) return null;
        bool isAbstract = name[0] == (byte)'@';
        if (isAbstract) name[0] = 0;

        // An abstract name is as long as the address says; a path ends with its zero byte.
        byte[] address = new byte[2 + name.Length + (isAbstract ? 0 : 1)];
        BitConverter.TryWriteBytes(address, (ushort)Native.AF_UNIX);
        name.CopyTo(address, 2);
        return address;
    }
}
