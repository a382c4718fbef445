using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>Finds the number of a name among those a schema knows: property names, or the strings of an <c>enum</c>.</summary>
/// <remarks>The names are the operator's, so that nobody can choose them to collide; look-ups that miss cost no more than those that hit.</remarks>
internal sealed class NameTable
{
    private readonly byte[][] _names;
    private readonly Slot[] _slots;

    /// <param name="names">Different names in UTF-8; their places are their numbers.</param>
    public NameTable(byte[][] names)
    {
        _names = names;
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, names.Length * 2))];
        for (int i = 0; i < names.Length; i++)
        {
            ulong key = Key(names[i]);
            uint slot = Place(key);
            while (_slots[slot].Number != 0) slot = (slot + 1) & (uint)(_slots.Length - 1);
            _slots[slot] = new Slot { Key = key, Number = i + 1 };
        }
    }

    public int Count => _names.Length;

    public ReadOnlySpan<byte> this[int number] => _names[number];

    /// <summary>The number of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        ulong key = Key(name);
        Slot[] slots = _slots;
        for (uint slot = Place(key); ; slot++)
        {
            ref Slot found = ref slots[slot & (uint)(slots.Length - 1)];
            if (found.Number == 0) return -1;
            if (found.Key == key && IsSame(name, _names[found.Number - 1])) return found.Number - 1;
        }
    }

    // Of names of up to 8 bytes the key holds every byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSame(ReadOnlySpan<byte> name, byte[] known) => name.Length == known.Length && (name.Length <= 8 || name.SequenceEqual(known));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Place(ulong key) => (uint)((key * 0x9E37_79B9_7F4A_7C15) >> 40) & (uint)(_slots.Length - 1);

    // Length, beginning and end: enough to tell almost any two names apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(ReadOnlySpan<byte> name)
    {
        if (name.Length > 8)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(name) ^ BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]), 29) ^ (ulong)name.Length;
        }

        if (name.Length >= 4)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(name) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32);
        }

        return name.Length == 0 ? 0 : name[0] | ((ulong)name[name.Length >> 1] << 8) | ((ulong)name[^1] << 16) | ((ulong)name.Length << 24);
    }

    private struct Slot
    {
        public ulong Key;
        public int Number;
    }
}
