using System.Runtime.CompilerServices;

namespace EdgeProxy.Templates.Execution;

/// <summary>A value of the language in 16 bytes without a reference, so that neither copying nor keeping it concerns the garbage collector.</summary>
/// <remarks>What does not fit stands in the <see cref="Memory"/> of the run and is named by number; no value outlives its run.
/// <para>
/// Two words and nothing else: such a value travels in two registers, where one with fields of other sizes is put together in memory at each call. What was written
/// word by word and is then read as a whole makes the processor wait for some twelve cycles, and the compiler does just that with a value that a method returns; so what
/// runs for each instruction writes its value where it is to stand (<c>ref Value into</c>) and copies with <see cref="Set"/>.
/// </para>
/// </remarks>
internal struct Value
{
    // The kind in the low byte, A in the high half.
    private ulong _head;

    /// <summary>Numbers: the bits. Text: offset and length. JSON: the node. Entry: its position. Block: which program.</summary>
    public long Bits { readonly get; private set; }

    public Value(ValueKind kind, int a, long bits)
    {
        _head = (byte)kind | ((ulong)(uint)a << 32);
        Bits = bits;
    }

    public readonly ValueKind Kind => (ValueKind)(byte)_head;

    /// <summary>Text: its segment. List, map, iterator, entry: its number. Context: the node. Loop: its depth. Block: where it begins.</summary>
    public readonly int A => (int)(_head >> 32);

    public static Value Null => default;

    public static Value True => new(ValueKind.Boolean, 0, 1);

    public static Value False => new(ValueKind.Boolean, 0, 0);

    public static Value EmptyText => Text(0, 0, 0);

    public readonly bool IsNull => Kind == ValueKind.Null;

    public readonly bool IsText => Kind == ValueKind.String;

    public readonly bool IsNumber => Kind is ValueKind.Integer or ValueKind.Decimal or ValueKind.BigNumber;

    public readonly long Integer => Bits;

    public readonly double Decimal => BitConverter.Int64BitsToDouble(Bits);

    public readonly bool Boolean => Bits != 0;

    public readonly int Node => (int)Bits;

    public readonly int Offset => (int)(Bits >> 32);

    public readonly int Length => (int)Bits;

    public static Value Of(bool value) => value ? True : False;

    public static Value Of(long value) => new(ValueKind.Integer, 0, value);

    public static Value Of(double value) => new(ValueKind.Decimal, 0, BitConverter.DoubleToInt64Bits(value));

    public static Value Text(int segment, int offset, int length) => new(ValueKind.String, segment, ((long)offset << 32) | (uint)length);

    public static Value Big(int segment, int offset, int length) => new(ValueKind.BigNumber, segment, ((long)offset << 32) | (uint)length);

    public static Value List(int list) => new(ValueKind.List, list, 0);

    public static Value Map(int map) => new(ValueKind.Map, map, 0);

    /// <summary>Takes over a value word by word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(in Value value)
    {
        ulong head = value._head;
        long bits = value.Bits;
        _head = head;
        Bits = bits;
    }

    /// <summary>A piece of this text.</summary>
    public readonly Value Slice(int start, int length) => Text(A, Offset + start, length);
}
