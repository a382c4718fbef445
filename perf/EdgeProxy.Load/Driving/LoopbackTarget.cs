using System.Net;
using System.Net.Sockets;
using EdgeProxy.Load.Sockets;

namespace EdgeProxy.Load.Driving;

/// <summary>Where scenarios may send: this machine, and nowhere else.</summary>
internal static class LoopbackTarget
{
    /// <summary>The address of an http URL whose host is a loopback address, or localhost; false for any other.</summary>
    /// <remarks>Names are not resolved: what a name stands for can change between the check and the load.</remarks>
    public static bool TryRead(string url, out byte[] address)
    {
        address = [];
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? target) || target.Scheme != "http") return false;
        IPAddress? host = target.DnsSafeHost == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(target.DnsSafeHost, out IPAddress? parsed) ? parsed : null;
        if (host is null || !IPAddress.IsLoopback(host)) return false;
        if (host.AddressFamily == AddressFamily.InterNetworkV6 && !host.Equals(IPAddress.IPv6Loopback)) return false; // IPv4 in IPv6
        address = AddressBytes.Encode(host, target.Port);
        return true;
    }
}
