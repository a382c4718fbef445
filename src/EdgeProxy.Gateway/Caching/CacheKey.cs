using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching;

/// <summary>Writes the key that a request's answer is stored under (rest-api.md 8).</summary>
/// <remarks>
/// <code>
///   generation of the stage's cache (8) | deployment (8) | namespace | method (1) | each part: its values, each after its length + 1 (2); 0 (2)
/// </code>
/// Where the service reads one value, the key has all that were sent, as they were sent, and names of fields match without case: a back end that is given the
/// request whole may go by another value than the gateway would, and two requests that it can tell apart must not share an entry.
/// </remarks>
internal static class CacheKey
{
    /// <summary>Writes the key; false when it is longer than there is room.</summary>
    public static bool TryWrite(RequestContext request, RouteCache cache, ref ByteWriter writer)
    {
        Span<byte> generation = writer.Reserve(sizeof(long));
        if (generation.IsEmpty) return false;
        BinaryPrimitives.WriteInt64LittleEndian(generation, cache.Generation);
        writer.Write(cache.KeyStart);
        writer.Write((byte)request.Exchange.Request.Method);
        WriteParts(request, cache, ref writer);
        return !writer.Overflowed;
    }

    /// <summary>Writes the values of <c>cacheKeyParameters</c>.</summary>
    public static void WriteParts(RequestContext request, RouteCache cache, ref ByteWriter writer)
    {
        foreach (CacheKeyPart part in cache.Key.Parts) Write(part, request, ref writer);
    }

    private static void Write(CacheKeyPart part, RequestContext request, ref ByteWriter writer)
    {
        switch (part.Source.Kind)
        {
            case ValueSourceKind.PathParameter:
                Write(ValueReader.RawPathParameter(part.Source, request), ref writer);
                break;
            case ValueSourceKind.QueryString or ValueSourceKind.MultiValueQueryString:
                foreach (QueryPair pair in new QueryReader(request.Exchange.Request.Query))
                {
                    if (ValueReader.IsName(pair.Name, part.Source.Name.Span)) Write(pair.Value, ref writer);
                }

                break;
            case ValueSourceKind.Header or ValueSourceKind.MultiValueHeader:
                HeaderTable headers = request.Exchange.Request.Headers;
                for (int i = 0; i < headers.Count; i++)
                {
                    if (headers[i].Known == part.Known && (part.Known != KnownHeader.Other || Ascii.EqualsIgnoreCase(headers.Name(i), part.Source.Name.Span))) Write(headers.Value(i), ref writer);
                }

                break;
            default:
                int start = writer.Length;
                if (writer.Reserve(sizeof(ushort)).IsEmpty) return;
                ValueReader.Write(part.Source, request, ref writer);
                if (!writer.Overflowed) BinaryPrimitives.WriteUInt16LittleEndian(writer.Patch(start, sizeof(ushort)), (ushort)(writer.Length - start - sizeof(ushort) + 1));
                break;
        }

        Span<byte> end = writer.Reserve(sizeof(ushort));
        if (!end.IsEmpty) end.Clear();
    }

    private static void Write(ReadOnlySpan<byte> value, ref ByteWriter writer)
    {
        Span<byte> length = writer.Reserve(sizeof(ushort));
        if (length.IsEmpty) return;
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)(value.Length + 1));
        writer.Write(value);
    }
}
