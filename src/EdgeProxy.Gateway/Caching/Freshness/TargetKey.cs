using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Writes the key of a request's target (RFC 9111, 2): scheme, authority, path and query, whatever method asks.</summary>
/// <remarks>
/// <code>
///   generation of the stage's cache (8) | deployment (8) | 2 (1) | scheme, 0 | authority in lower case, 0 | path and query, 0 | X-Forwarded-Host, 0 | the values of cacheKeyParameters
/// </code>
/// Requests by different methods share it: only answers to GET are stored, HEAD is answered from them, and others make them invalid.
/// </remarks>
internal static class TargetKey
{
    // Beside the two kinds of namespace that a key by parameters may have.
    private const byte ByTarget = 2;

    /// <summary>Writes the key; false when it is longer than there is room.</summary>
    public static bool TryWrite(RequestContext request, RouteCache cache, ref ByteWriter writer)
    {
        Exchange exchange = request.Exchange;
        Span<byte> numbers = writer.Reserve(2 * sizeof(long));
        if (numbers.IsEmpty) return false;
        BinaryPrimitives.WriteInt64LittleEndian(numbers, cache.Generation);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[sizeof(long)..], cache.Deployment);
        writer.Write(ByTarget);
        ForwardedFor.WriteProto(exchange, request.Settings.TrustedProxies, ref writer);
        writer.Write((byte)0);
        ReadOnlySpan<byte> authority = exchange.Request.Authority;
        Span<byte> lower = writer.Reserve(authority.Length);
        if (lower.Length == authority.Length) Ascii.ToLower(authority, lower, out _);
        writer.Write((byte)0);
        writer.Write(exchange.Request.Path);
        writer.Write((byte)'?');
        writer.Write(exchange.Request.Query);
        writer.Write((byte)0);

        // Backends make links of it, and nobody thinks of it when they say what their answers vary by.
        HeaderTable headers = exchange.Request.Headers;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != KnownHeader.XForwardedHost) continue;
            writer.Write(headers.Value(i));
            writer.Write((byte)',');
        }

        writer.Write((byte)0);
        CacheKey.WriteParts(request, cache, ref writer);
        return !writer.Overflowed;
    }
}
