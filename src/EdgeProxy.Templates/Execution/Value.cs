using System.Runtime.InteropServices;

namespace EdgeProxy.Templates.Execution;

/// <summary>A value of the language in 16 bytes without a reference, so that neither copying nor keeping it concerns the garbage collector.</summary>
/// <remarks>What does not fit stands in the <see cref="Memory"/> of the run and is named by number; no value outlives its run.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Value
{
    public readonly ValueKind Kind;

    /// <summary>Text: its segment. List, map, iterator, entry: its number. Context: the node. Loop: its depth. Block: where it begins.</summary>
    public readonly int A;

    /// <summary>Numbers: the bits. Text: offset and length. JSON: the node. Entry: its position. Block: which program.</summary>
    public readonly long Bits;

    public Value(ValueKind kind, int a, long bits)
    {
        Kind = kind;
        A = a;
        Bits = bits;
    }

    public static Value Null => default;

    public static Value True => new(ValueKind.Boolean, 0, 1);

    public static Value False => new(ValueKind.Boolean, 0, 0);

    public static Value EmptyText => Text(0, 0, 0);

    public bool IsNull => Kind == ValueKind.Null;

    public bool IsText => Kind == ValueKind.String;

    public bool IsNumber => Kind is ValueKind.Integer or ValueKind.Decimal or ValueKind.BigNumber;

    public long Integer => Bits;

    public double Decimal => BitConverter.Int64BitsToDouble(Bits);

    public bool Boolean => Bits != 0;

    public int Node => (int)Bits;

    public int Offset => (int)(Bits >> 32);

    public int Length => (int)Bits;

    public static Value Of(bool value) => value ? True : False;

    public static Value Of(long value) => new(ValueKind.Integer, 0, value);

    public static Value Of(double value) => new(ValueKind.Decimal, 0, BitConverter.DoubleToInt64Bits(value));

    public static Value Text(int segment, int offset, int length) => new(ValueKind.String, segment, ((long)offset << 32) | (uint)length);

    public static Value Big(int segment, int offset, int length) => new(ValueKind.BigNumber, segment, ((long)offset << 32) | (uint)length);

    public static Value List(int list) => new(ValueKind.List, list, 0);

    public static Value Map(int map) => new(ValueKind.Map, map, 0);

    /// <summary>A piece of this text.</summary>
    public Value Slice(int start, int length) => Text(A, Offset + start, length);
}
