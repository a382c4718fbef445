using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Gateway.Caching;

/// <summary>What stands before an entry's bytes in its segment: header, key, head, body.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EntryHeader
{
    /// <summary>How often an entry is counted as used, at most.</summary>
    public const byte MostUses = 3;

    public ulong Hash;
    public long StoredAt;
    public long ExpiresAt;
    public int KeyLength;
    public int HeadLength;
    public int BodyLength;

    /// <summary>How often it was found since it was stored or last spared, up to <see cref="MostUses"/>. Written by readers without a fence: a lost count does no harm.</summary>
    public byte Uses;

    /// <summary>Under the shard's lock.</summary>
    public EntryState State;

    /// <summary>Bytes before the key.</summary>
    public static int Size => Unsafe.SizeOf<EntryHeader>();

    public readonly int KeyStart => Size;

    public readonly int HeadStart => Size + KeyLength;

    public readonly int BodyStart => Size + KeyLength + HeadLength;

    /// <summary>Bytes of the whole entry, so that the next one is aligned.</summary>
    public readonly int Length => LengthOf(KeyLength, HeadLength, BodyLength);

    /// <summary>Bytes of an entry with these parts; they are below 2 GiB together.</summary>
    public static int LengthOf(int key, int head, int body) => (Size + key + head + body + CacheSegment.Unit - 1) & -CacheSegment.Unit;

    public static ref EntryHeader At(byte[] buffer, int offset) => ref Unsafe.As<byte, EntryHeader>(ref buffer[offset]);
}
