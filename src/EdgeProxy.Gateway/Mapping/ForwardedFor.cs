using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Reads and writes <c>X-Forwarded-For</c> under <c>trustedProxies</c>.</summary>
/// <remarks>
/// The rule: what a peer says of its own client counts only when the peer is a trusted proxy. Then its list is kept and the peer
/// appended; from anybody else the list is dropped and begins with the peer. The same holds for <c>X-Forwarded-Port</c> and <c>-Proto</c>.
/// (The service itself appends always; behind it stands no client who could choose an address in its access log.)
/// </remarks>
internal static class ForwardedFor
{
    /// <summary>The address that is held to be the client's.</summary>
    public static IpAddress SourceOf(Exchange exchange, CidrSet trusted)
    {
        IpAddress source = exchange.Client.Address;
        if (trusted.IsEmpty || !trusted.Contains(source)) return source;
        HeaderTable headers = exchange.Request.Headers;
        for (int i = headers.Count - 1; i >= 0; i--)
        {
            if (headers[i].Known != KnownHeader.XForwardedFor) continue;
            ReadOnlySpan<byte> list = headers.Value(i);
            while (!list.IsEmpty)
            {
                int comma = list.LastIndexOf((byte)',');
                ReadOnlySpan<byte> entry = list[(comma + 1)..].Trim(" \t"u8);
                list = comma < 0 ? default : list[..comma];

                // An entry that is no address ends what can be believed: the proxy before it is all we know.
                if (!IpAddress.TryParse(entry, out IpAddress address)) return source;
                source = address;
                if (!trusted.Contains(source)) return source;
            }
        }

        return source;
    }

    /// <summary>Writes the list for the backend.</summary>
    public static void Write(Exchange exchange, CidrSet trusted, ref ByteWriter writer)
    {
        if (!trusted.IsEmpty && trusted.Contains(exchange.Client.Address))
        {
            HeaderTable headers = exchange.Request.Headers;
            for (int i = 0; i < headers.Count; i++)
            {
                if (headers[i].Known != KnownHeader.XForwardedFor || headers[i].ValueLength == 0) continue;
                writer.Write(headers.Value(i));
                writer.Write(", "u8);
            }
        }

        Span<byte> text = stackalloc byte[48];
        writer.Write(text[..exchange.Client.Address.Format(text)]);
    }

    /// <summary>Writes the port that the client connected to.</summary>
    public static void WritePort(Exchange exchange, CidrSet trusted, ref ByteWriter writer)
    {
        int sent = LastTrusted(exchange, trusted, KnownHeader.XForwardedPort);
        if (sent >= 0) writer.Write(exchange.Request.Headers.Value(sent));
        else writer.Write((long)exchange.Local.Port); // what the client connected to, where a PROXY header names it
    }

    /// <summary>Writes the scheme that the client used.</summary>
    public static void WriteProto(Exchange exchange, CidrSet trusted, ref ByteWriter writer)
    {
        int sent = LastTrusted(exchange, trusted, KnownHeader.XForwardedProto);
        writer.Write(sent >= 0 ? exchange.Request.Headers.Value(sent) : exchange.Listener.IsTls ? "https"u8 : "http"u8);
    }

    private static int LastTrusted(Exchange exchange, CidrSet trusted, KnownHeader known) =>
        !trusted.IsEmpty && trusted.Contains(exchange.Client.Address) ? exchange.Request.Headers.LastIndexOf(known) : -1;
}
