using System.Buffers.Binary;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What is stored under a target's own key when its answers vary: the names of the request fields that the keys of the answers themselves go on with (RFC 9111, 4.1).</summary>
/// <remarks>
/// <code>
///   0 (2) | flags: IsVaryMarker (2) | 0 (2) | length of the rest (2) | generation (8) | names
/// </code>
/// The generation goes into those keys: once the marker is gone, by eviction or because the target was changed, what it led to is found no more.
/// </remarks>
internal static class VaryMarker
{
    /// <summary>Most bytes of names: more than any answer has use for (setting <c>cache.maxKey</c> limits the values).</summary>
    public const int MostNames = 512;

    private const int Start = 8;
    private const int NamesStart = Start + sizeof(long);

    /// <summary>Bytes of a marker's head.</summary>
    public static int LengthOf(ReadOnlySpan<byte> names) => NamesStart + names.Length;

    public static void Write(long generation, ReadOnlySpan<byte> names, Span<byte> room)
    {
        room[..Start].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(room[2..], (ushort)StoredFlags.IsVaryMarker);
        BinaryPrimitives.WriteUInt16LittleEndian(room[6..], (ushort)(sizeof(long) + names.Length));
        BinaryPrimitives.WriteInt64LittleEndian(room[Start..], generation);
        names.CopyTo(room[NamesStart..]);
    }

    public static ReadOnlySpan<byte> NamesOf(ReadOnlySpan<byte> head) => head[NamesStart..];

    public static long GenerationOf(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadInt64LittleEndian(head[Start..]);

    /// <summary>Goes on with a target's key to that of the answer for a request; false when it is longer than there is room.</summary>
    public static bool TryExtend(long generation, scoped ReadOnlySpan<byte> names, HeaderTable request, ref ByteWriter key)
    {
        Span<byte> room = key.Reserve(sizeof(long));
        if (room.IsEmpty) return false;
        BinaryPrimitives.WriteInt64LittleEndian(room, generation);
        VaryNames.AddValues(names, request, ref key);
        return !key.Overflowed;
    }
}
