using System.Runtime.CompilerServices;

namespace EdgeProxy.Http.Messages;

/// <summary>
/// A head's field lines: one block of bytes and offsets into it. Names as sent, in order, duplicates kept. HTTP/1.1 and HPACK fill
/// the same table.
/// </summary>
/// <remarks>Pooled with its exchange. Spans from it are valid until <see cref="Clear"/>; take them again after an await.</remarks>
public sealed class HeaderTable
{
    private HeaderField[] _fields = [];

    /// <summary>The bytes that fields point into. For a parsed head, the head as received; for one being built, what was added.</summary>
    public byte[] Block { get; private set; } = [];

    /// <summary>Bytes of <see cref="Block"/> in use.</summary>
    public int BlockLength { get; private set; }

    public int Count { get; private set; }

    public ref readonly HeaderField this[int index] => ref _fields[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Name(int index) => Block.AsSpan(_fields[index].NameStart, _fields[index].NameLength);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Value(int index) => Block.AsSpan(_fields[index].ValueStart, _fields[index].ValueLength);

    /// <summary>The first field with this name, or -1.</summary>
    public int IndexOf(KnownHeader known)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_fields[i].Known == known) return i;
        }

        return -1;
    }

    /// <summary>The last field with this name, or -1: the single-value view of API Gateway takes the last.</summary>
    public int LastIndexOf(KnownHeader known)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            if (_fields[i].Known == known) return i;
        }

        return -1;
    }

    public bool Contains(KnownHeader known) => IndexOf(known) >= 0;

    /// <summary>Forgets all fields; the memory stays for the next head.</summary>
    public void Clear()
    {
        Count = 0;
        BlockLength = 0;
    }

    /// <summary>Copies a received head into the block, for a parser that then records fields by offset.</summary>
    public void TakeBlock(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        bytes.CopyTo(Block);
        BlockLength = bytes.Length;
    }

    /// <summary>Becomes what another table is.</summary>
    public void CopyFrom(HeaderTable other)
    {
        TakeBlock(other.Block.AsSpan(0, other.BlockLength));
        if (_fields.Length < other.Count) _fields = new HeaderField[other._fields.Length];
        other._fields.AsSpan(0, other.Count).CopyTo(_fields);
        Count = other.Count;
    }

    /// <summary>Records a field whose bytes are already in the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddAt(int nameStart, int nameLength, int valueStart, int valueLength, KnownHeader known)
    {
        HeaderField[] fields = _fields;
        int count = Count;
        if ((uint)count >= (uint)fields.Length) fields = GrowFields();
        Count = count + 1;
        ref HeaderField field = ref fields[count];
        field.NameStart = nameStart;
        field.NameLength = nameLength;
        field.ValueStart = valueStart;
        field.ValueLength = valueLength;
        field.Known = known;
        field.NeverIndexed = false;
    }

    /// <summary>Says of a field that it must never be put into a compression table (RFC 7541, 6.2.3).</summary>
    public void MarkNeverIndexed(int index) => _fields[index].NeverIndexed = true;

    /// <summary>Adds a field, copying both parts to the end of the block.</summary>
    public void Add(KnownHeader known, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int start = BlockLength;
        EnsureRoom(start + name.Length + value.Length);
        name.CopyTo(Block.AsSpan(start));
        value.CopyTo(Block.AsSpan(start + name.Length));
        BlockLength = start + name.Length + value.Length;
        AddAt(start, name.Length, start + name.Length, value.Length, known);
    }

    /// <summary>Adds a field whose name is looked up among the known ones.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Add(KnownHeaders.Find(name), name, value);

    /// <summary>Forgets one field; its bytes stay in the block.</summary>
    public void RemoveAt(int index)
    {
        _fields.AsSpan(index + 1, Count - index - 1).CopyTo(_fields.AsSpan(index));
        Count--;
    }

    /// <summary>Puts bytes that belong to no field into the block and returns where they start.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        int start = BlockLength;
        EnsureRoom(start + bytes.Length);
        bytes.CopyTo(Block.AsSpan(start));
        BlockLength = start + bytes.Length;
        return start;
    }

    /// <summary>Bytes of an offset pair recorded by a parser.</summary>
    public ReadOnlySpan<byte> Slice(int start, int length) => Block.AsSpan(start, length);

    /// <summary>Room after the block for a decoder that writes there itself; valid until the table next grows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<byte> Room(int length)
    {
        EnsureRoom(BlockLength + length);
        return Block.AsSpan(BlockLength);
    }

    /// <summary>Makes bytes written into <see cref="Room"/> part of the block, or takes the last ones off again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetBlockLength(int length) => BlockLength = length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnsureRoom(int length)
    {
        if (length > Block.Length) GrowBlock(length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private HeaderField[] GrowFields()
    {
        Array.Resize(ref _fields, Math.Max(8, _fields.Length * 2));
        return _fields;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowBlock(int length)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(256, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length)));
        Block.AsSpan(0, BlockLength).CopyTo(larger);
        Block = larger;
    }
}
